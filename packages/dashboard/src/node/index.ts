export * from './build-page.ts'
export * from './serve-page.ts'
