import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./app/i18n/request.ts')

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: [
    '@temporalio/client',
    '@temporalio/common',
    '@temporalio/proto',
    '@grpc/grpc-js',
    'protobufjs',
    'postgres',
    'pino',
    '@node-rs/argon2',
    'undici',
    're2js',
  ],
  typescript: { ignoreBuildErrors: true },
  turbopack: {
    resolveAlias: {
      // Messages come compiled (app/i18n/compile-messages.ts), so pages need only what formats them.
      'use-intl/format-message': './node_modules/use-intl/dist/esm/production/format-message/format-only.js',
      // Parts of packages that no page uses; what stands in for them says why.
      'd3-interpolate/whole': './node_modules/d3-interpolate/dist/d3-interpolate.mjs',
      'd3-interpolate': { browser: './app/stand-ins/d3-interpolate.ts' },
      'd3-color': { browser: './app/stand-ins/d3-color.ts' },
      '../core/json-schema-processors.js': { browser: './app/stand-ins/zod-json-schema.ts' },
      '../core/to-json-schema.js': { browser: './app/stand-ins/zod-json-schema.ts' },
    },
  },
}

export default withNextIntl(config)
