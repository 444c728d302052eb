import Foundation

/// Measures and tortures the stores. `script/bench accounts` and `script/bench crashes` call it.
let usage = """
    usage: storage-bench lookups [--small N] [--large N] [--turns N] [--stores sqlite,postgres]
           storage-bench crashes [--rounds N] [--stores sqlite,postgres]
    """

do {
    let options = try BenchOptions(Array(CommandLine.arguments.dropFirst()))
    let isGood: Bool
    switch options.command {
    case .lookups: isGood = try await LookupBench(options).run()
    case .crashes: isGood = try await CrashRun(options).run()
    case .write: isGood = try await CrashWriter(address: options.address, log: options.log, round: options.rounds).run()
    }
    exit(isGood ? 0 : 1)
} catch is BenchOptions.Usage {
    FileHandle.standardError.write(Data((usage + "\n").utf8))
    exit(2)
} catch {
    FileHandle.standardError.write(Data("\(error)\n".utf8))
    exit(1)
}
