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
}

export default withNextIntl(config)
