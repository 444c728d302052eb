import Foundation
import Storage
import StorageTestSupport

/// Kills a process that writes accounts, again and again at random moments, and checks what it leaves each time:
/// everything acknowledged is there, and nothing is half.
struct CrashRun {
    let options: BenchOptions

    init(_ options: BenchOptions) { self.options = options }

    /// Whether every store passed every round.
    func run() async throws -> Bool {
        var isGood = true
        for kind in options.stores {
            try await kind.withDatabase { address in
                try await Subject.open(address).close()
                var tally = CrashTally()
                for round in 1...options.rounds {
                    let acknowledged = try await crash(address, round)
                    try await tally.check(acknowledged, round: round, at: address)
                }
                print("\(kind.rawValue): \(options.rounds) kills, \(tally.acknowledged) accounts with acknowledged writes, \(tally)")
                isGood = isGood && tally.isClean
            }
        }
        return isGood
    }

    /// The last acknowledgement of each account: `made`, `changed` or `gone`.
    private func crash(_ address: String, _ round: Int) async throws -> [String: String] {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("crash-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: log) }
        let child = Process()
        child.executableURL = Bundle.main.executableURL
        child.arguments = ["write", "--address", address, "--log", log, "--rounds", String(round)]
        try child.run()
        // From its first acknowledgement on, so that no round kills a process that is still starting.
        while !FileManager.default.fileExists(atPath: log), child.isRunning { try await Task.sleep(for: .milliseconds(1)) }
        try await Task.sleep(for: .microseconds(Int.random(in: 0...60_000)))
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
        guard child.terminationReason == .uncaughtSignal, child.terminationStatus == SIGKILL else {
            throw EndedByItself(status: child.terminationStatus)
        }
        var last: [String: String] = [:]
        for line in try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            last[words[1]] = words[0]
        }
        return last
    }

    struct EndedByItself: Error { var status: Int32 }
}
