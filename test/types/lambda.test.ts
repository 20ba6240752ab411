/**
 * The wrapper and the middleware against the types of AWS and of middy: handlers keep their types, and
 * are refused where they do not fit. Each snippet is compiled on its own.
 */

import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const PRELUDE = `
import type * as aws from 'aws-lambda'
import middy from '@middy/core'
import { cors, withCors } from 'crossgate/lambda'
const options = { origin: 'https://app.example.com' } as const
declare const v1: aws.APIGatewayProxyHandler
declare const v2: aws.APIGatewayProxyHandlerV2
declare const v2Inferred: aws.APIGatewayProxyHandlerV2<{ message: string }>
declare const alb: aws.ALBHandler
declare const url: aws.LambdaFunctionURLHandler
declare const jwt: aws.APIGatewayProxyHandlerV2WithJWTAuthorizer
type Lambda = aws.APIGatewayProxyWithLambdaAuthorizerHandler<{ tenant: string }>
declare const authorized: Lambda
interface Traced extends aws.Context { readonly trace: string }
`

const ACCEPTED = [
  'const handler: aws.APIGatewayProxyHandler = withCors(options, v1)',
  'const handler: aws.APIGatewayProxyHandlerV2 = withCors(options, v2)',
  'const handler: aws.APIGatewayProxyHandlerV2<{ message: string }> = withCors(options, v2Inferred)',
  'const handler: aws.ALBHandler = withCors(options, alb)',
  'const handler: aws.LambdaFunctionURLHandler = withCors(options, url)',
  'const handler: aws.APIGatewayProxyHandlerV2WithJWTAuthorizer = withCors(options, jwt)',
  'const handler: Lambda = withCors(options, authorized)',
  `const handler: aws.APIGatewayProxyHandler = withCors(options, async (event) => {
    const path: string = event.path
    return { statusCode: 200, body: path }
  })`,
  `const handler: aws.APIGatewayProxyHandlerV2 = withCors(options, async ({ rawPath }) => rawPath)`,
  `const handler: aws.ALBHandler = withCors(options, async (event: aws.ALBEvent, context: aws.Context) => ({
    statusCode: 200,
    body: event.path + context.awsRequestId,
  }))`,
  `const handler: aws.APIGatewayProxyHandler = withCors(options, (
    event: aws.APIGatewayProxyEvent,
    context: aws.Context,
    callback: aws.APIGatewayProxyCallback,
  ) => callback(null, { statusCode: 200, body: event.path }))`,
  `const handler = withCors(options, async (event: aws.APIGatewayProxyEventV2, context: Traced) => context.trace)
  const traced: (event: aws.APIGatewayProxyEventV2, context: Traced) => Promise<unknown> = handler`,
  `withCors(options, async (event) => ({ statusCode: 200, body: String(event.headers?.['host']) }))`,
  `withCors(({ requestContext }: aws.APIGatewayProxyEventV2) => ({ origin: 'https://' + requestContext.domainName }), v2)`,
  `withCors((event: aws.ALBEvent) => ({ origin: event.path }), alb, { onError: (error, event) => event.path })`,
  `withCors(options, v1, { onError: async () => {} })`,
  `withCors(options, v1, { onError: 'rethrow' })`,
  `withCors(options, v1, { onError: undefined })`,
  `const handler: aws.APIGatewayProxyHandler = middy(v1).use(cors(options))`,
  `const handler: aws.APIGatewayProxyHandlerV2 = middy(v2).use(cors(options))`,
  `const handler: aws.ALBHandler = middy(alb).use(cors(options))`,
  `middy<aws.APIGatewayProxyEventV2>()
    .use(cors(options))
    .use({ before: (request) => { const path: string = request.event.rawPath } })
    .handler(async (event) => event.rawPath)`,
  `middy(v1).use([cors(options), cors(options)])`,
  `const middleware: middy.MiddlewareObj = cors(options)`,
  `cors((event) => ({ origin: 'https://' + event.requestContext?.domainName }))`,
  `cors((event: aws.APIGatewayProxyEventV2) => ({ origin: 'https://' + event.rawPath }), { onError: 'rethrow' })`,
]

const REFUSED: readonly (readonly [code: string, because: string])[] = [
  [
    'const handler: aws.APIGatewayProxyHandler = withCors(options, v2)',
    "is not assignable to type 'APIGatewayProxyHandler'",
  ],
  [
    'const handler: aws.ALBHandler = withCors(options, async (event: aws.ALBEvent) => ({ body: event.path }))',
    "Property 'statusCode' is missing",
  ],
  [
    "withCors({ origin: '*', credentials: true }, v1)",
    "with credentials '*' would let every site act as the user",
  ],
  [
    "cors({ origin: '*', credentials: true })",
    "with credentials '*' would let every site act as the user",
  ],
  [
    "withCors({ origin: 'https://app.example.com/' }, v1)",
    'a browser sends no slash at the end of an origin',
  ],
  ["withCors(options, v1, { onError: 'throw' })", 'is not assignable to type'],
  ['withCors(options)', 'Expected 2-3 arguments'],
]

const messages = diagnose([...ACCEPTED, ...REFUSED.map(([code]) => code)])

describe('the types of functions', () => {
  it.each(ACCEPTED)('accept %s', (code) => {
    expect(messages.get(code)).toEqual([])
  })

  it.each(REFUSED)('refuse %s', (code, because) => {
    expect(messages.get(code)?.join('\n')).toContain(because)
  })
})

/** Compiles every snippet as a module of its own, in one program; answers the messages for each. */
function diagnose(codes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const options = { ...parsed.options, noUnusedLocals: false, noUnusedParameters: false }
  const files = new Map(
    codes.map((code, index) => [`${root}test/types/lambda-snippet-${index}.ts`, code]),
  )
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.fileExists = (name) => files.has(name) || fileExists.call(host, name)
  host.readFile = (name) => {
    const code = files.get(name)
    return code === undefined ? readFile.call(host, name) : `${PRELUDE}\n${code}\nexport {}\n`
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return new Map(
    [...files].map(([name, code]) => {
      const source = program.getSourceFile(name)
      const found = [
        ...program.getSyntacticDiagnostics(source),
        ...program.getSemanticDiagnostics(source),
      ]
      return [
        code,
        found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
      ]
    }),
  )
}
