@_spi(Engine) import JSONata
import ToolSupport

do {
    let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    let bench = try MappingBench(options)
    print(try bench.run())
} catch let error as Usage {
    complain(error.description)
    end(2)
} catch {
    complain("\(error)")
    end(1)
}
