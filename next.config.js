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
    },
  },
}

export default withNextIntl(config)
