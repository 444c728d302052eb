import Foundation
import JSON
import Synchronization

/// `attache serve` as a process of its own, to be killed.
final class ServeProcess: Sendable {
    let address: String
    private let identifier: Mutex<pid_t?>

    private init(address: String, identifier: pid_t) {
        self.address = address
        self.identifier = Mutex(identifier)
    }

    /// Starts the program that was built beside these tests, and returns once it serves.
    static func start(database: String, key: String, egressAllow: String) async throws -> ServeProcess {
        let tests = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0])
        let process = Process()
        process.executableURL = tests.deletingLastPathComponent().appendingPathComponent("attache")
        process.arguments = [
            "serve", "--port", "0", "--database", database, "--egress-allow", egressAllow, "--base-url-host", "127.0.0.1",
        ]
        process.environment = ["ATTACHE_MASTER_KEY": key, "PATH": "/usr/bin:/bin"]
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        let (lines, found) = AsyncStream.makeStream(of: String.self)
        let reader = Thread {
            var rest = Data()
            while true {
                let data = errors.fileHandleForReading.availableData
                if data.isEmpty { break }
                rest += data
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    found.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest = Data(rest[(end + 1)...])
                }
            }
            found.finish()
        }
        reader.start()
        try process.run()
        for await line in lines {
            guard let json = try? JSONValue.parse(line), json["message"] == "Serving", let port = json["port"]?.int
            else { continue }
            return ServeProcess(address: "http://127.0.0.1:\(port)", identifier: process.processIdentifier)
        }
        process.waitUntilExit()
        throw NotServing(status: process.terminationStatus)
    }

    /// As the kernel does to a process when memory is short; once, for the number may be another's later on.
    func killHard() {
        if let identifier = identifier.withLock({ $0.take() }) { kill(identifier, SIGKILL) }
    }

    struct NotServing: Error {
        let status: Int32
    }
}
