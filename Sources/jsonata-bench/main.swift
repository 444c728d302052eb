import JSONata

do {
    let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    let bench = try MappingBench(options)
    print(try bench.run())
} catch let error as Usage {
    complain(error.description)
    exit(2)
} catch {
    complain("\(error)")
    exit(1)
}
