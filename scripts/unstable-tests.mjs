/** A reporter that names the tests that passed only when they were tried again, with what failed at first. */
export default class UnstableTests {
  onTestRunEnd(modules) {
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        if (!test.diagnostic()?.flaky) continue
        const errors = test.result().errors ?? []
        process.stdout.write(
          `\nUNSTABLE ${module.relativeModuleId} > ${test.fullName}: passed only at a second try\n`,
        )
        for (const { stack, message } of errors) process.stdout.write(`${stack ?? message}\n`)
      }
    }
  }
}
