import JSONata

guard CommandLine.arguments.count == 2 else {
    complain("usage: jsonata-conformance DIR")
    exit(2)
}
do {
    let suite = try Suite(folder: CommandLine.arguments[1])
    let failures = try suite.run()
    for failure in failures.list { print("FAILED \(failure)") }
    print("\(failures.passed) passed, \(failures.list.count) failed")
    exit(failures.list.isEmpty ? 0 : 1)
} catch {
    complain("\(error)")
    exit(2)
}
