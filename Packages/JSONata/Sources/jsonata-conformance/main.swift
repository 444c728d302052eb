@_spi(Engine) import JSONata
import ToolSupport

guard CommandLine.arguments.count == 2 else {
    complain("usage: jsonata-conformance DIR")
    end(2)
}
do {
    let suite = try Suite(folder: CommandLine.arguments[1])
    let failures = try suite.run()
    for failure in failures.list { print("FAILED \(failure)") }
    print("\(failures.passed) passed, \(failures.list.count) failed")
    end(failures.list.isEmpty ? 0 : 1)
} catch {
    complain("\(error)")
    end(2)
}
