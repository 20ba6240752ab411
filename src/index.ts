/**
 * crossgate: one CORS policy, decided by pure functions.
 *
 * Adapters are separate entries, such as `crossgate/node`; they use nothing but what is exported here.
 *
 * @module crossgate
 */

export { decide, decideDynamic, isOriginAllowed, isOriginAllowedDynamic } from './decide.ts'
export type { CorsDecision, CorsKind, CorsOutcome } from './decision.ts'
export {
  CorsConfigError,
  type CorsIssue,
  type CorsIssueCode,
  type CorsIssuePath,
  formatIssues,
  ISSUE_CODES,
  isCorsConfigError,
} from './errors.ts'
export {
  type CorsExplanation,
  type ExplanationStep,
  explain,
  formatExplanation,
} from './explain.ts'
export { kindOf, type RequestFacts } from './facts.ts'
export { isCorsField, REQUEST_FIELDS } from './http/names.ts'
export { mergeVary, type StoredValue } from './http/vary.ts'
export type {
  AcknowledgedPattern,
  CheckedOptions,
  CorsDanger,
  CorsOptions,
  DecisionObserver,
  NormalizedOptions,
  OriginCallback,
  OriginEntry,
  OriginList,
  OriginOption,
  OriginPredicate,
  ReplacementObserver,
} from './options.ts'
export {
  type AnyCorsPolicy,
  type CorsPolicy,
  type DynamicCorsPolicy,
  definePolicy,
  isCorsPolicy,
  type PolicyOf,
} from './policy.ts'
export type { ReplacedField } from './replaced.ts'
export { type DecisionSlot, slotOf } from './slot.ts'
export { createDecider, type Decider } from './sources/decider.ts'
export { type Environment, policyFromEnv } from './sources/environment.ts'
export { policyFromJson } from './sources/json.ts'
export type { Clock } from './sources/lookup.ts'
export { type ReloadableSource, reloadable } from './sources/reloadable.ts'
export {
  type CheckedSource,
  type DelegateCallback,
  type DelegateSettings,
  isLiveSource,
  type LiveSource,
  type PolicyDelegate,
  type PolicySource,
} from './sources/source.ts'
export type {
  Channel,
  Channels,
  DecisionMessage,
  FoundFields,
  ReplacementMessage,
} from './sources/telling.ts'
export type { LoadedTenant, TenantOptions } from './sources/tenant-options.ts'
export { type TenantSource, type TenantStats, tenants } from './sources/tenants.ts'
