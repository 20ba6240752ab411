import { defineConfig, type Options } from 'tsup'

const entry = {
  index: 'src/index.ts',
  node: 'adapters/node.ts',
  express: 'adapters/express.ts',
  fastify: 'adapters/fastify.ts',
  fetch: 'adapters/fetch.ts',
  hono: 'adapters/hono.ts',
  koa: 'adapters/koa.ts',
  lambda: 'adapters/lambda.ts',
  browser: 'src/browser/index.ts',
  redis: 'adapters/redis.ts',
  testing: 'adapters/testing.ts',
}

/** Keeps one copy of the core for each module format: adapters import it from the package's front door. */
function coreStaysExternal(extension: string): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'core-stays-external',
    setup(build) {
      build.onResolve({ filter: /^(\.\.\/)+src\/index\.ts$/ }, () => ({
        path: `./index${extension}`,
        external: true,
      }))
      build.onResolve({ filter: /^(\.\.\/)+src\/browser\/index\.ts$/ }, () => ({
        path: `./browser${extension}`,
        external: true,
      }))
    },
  }
}

function bundle(format: 'esm' | 'cjs', extension: string): Options {
  return {
    entry,
    format,
    target: 'node20',
    platform: 'neutral',
    // Other runtimes know Node's modules by this name only.
    removeNodeProtocol: false,
    external: [/^node:/],
    // Splitting would pass CommonJS through another compiler, which renames classes.
    splitting: false,
    // Not with `clean`: the two formats are built at the same time.
    clean: false,
    sourcemap: false,
    // tsup sets an option that TypeScript 6 deprecates.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    esbuildPlugins: [coreStaysExternal(extension)],
  }
}

export default defineConfig([bundle('esm', '.js'), bundle('cjs', '.cjs')])
