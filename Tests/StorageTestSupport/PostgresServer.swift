import Foundation
import Synchronization

/// A real PostgreSQL in a temporary folder, reached through a Unix socket there; gone when this process is.
public final class PostgresServer: Sendable {
    private let binaries: String
    public let directory: String
    let user: String?
    /// Empty ones that no test uses any more.
    private let databases = Mutex<[String]>([])

    /// The folder of the newest installed server, nil where there is none.
    public static let binaries: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let debian = versions.sorted { (Int($0) ?? 0) > (Int($1) ?? 0) }.map { "\(root)/\($0)/bin" }
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (debian + path).first { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
    }()

    /// One for all tests of this process; each takes a database of its own from it.
    public static let shared = Task<PostgresServer?, any Error> {
        guard let binaries else {
            try notInstalled("PostgreSQL")
            return nil
        }
        return try await PostgresServer(binaries: binaries)
    }

    /// In memory where there is room for the servers of all test processes (1.2 GB): they create a file for each table.
    private static var root: String {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: "/dev/shm")
        let free = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value ?? 0
        return free >= 4 << 30 ? "/dev/shm" : "/tmp"
    }

    public init(binaries: String) async throws {
        self.binaries = binaries
        // PostgreSQL refuses to run as root.
        user = getuid() == 0 ? (getpwnam("postgres") == nil ? "nobody" : "postgres") : nil
        // Not the temporary folder of the system, whose path may be too long for a socket.
        directory = "\(Self.root)/attache-pg-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        if let user { try await Command.run("/bin/chown", [user, directory]) }
        try watch()
        let options = ["-U", "attache", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        try await run("initdb", ["-D", "\(directory)/data"] + options)
        try await start()
    }

    /// Ends the server and removes its folder when the pipe to it breaks, however this process ends.
    private func watch() throws {
        let watcher = Process()
        watcher.executableURL = URL(fileURLWithPath: "/bin/sh")
        let prefix = user.map { "runuser -u \($0) -- " } ?? ""
        watcher.arguments = [
            "-c",
            """
            cat >/dev/null
            kill $(cat \(directory)/pooler/pid)
            \(prefix)\(binaries)/pg_ctl -D \(directory)/data stop -m immediate
            rm -rf \(directory)
            """,
        ]
        let pipe = Pipe()
        // No other child may keep it open.
        _ = fcntl(pipe.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        watcher.standardInput = pipe
        watcher.standardOutput = FileHandle.nullDevice
        watcher.standardError = FileHandle.nullDevice
        try watcher.run()
        // Kept open on purpose, until the process ends.
        _ = Unmanaged.passRetained(pipe)
    }

    public func start() async throws {
        let options = """
            -c listen_addresses= -k \(directory) -c fsync=off -c max_connections=400 -c shared_buffers=32MB \
            -c max_wal_size=64MB
            """
        try await run("pg_ctl", ["-D", "\(directory)/data", "-l", "\(directory)/log", "-o", options, "-w", "start"])
    }

    /// - Parameter mode: `fast` ends sessions in order, `immediate` is a crash.
    public func stop(mode: String = "fast") async throws {
        try await run("pg_ctl", ["-D", "\(directory)/data", "-m", mode, "-w", "stop"])
    }

    /// Runs `body` with the address of an empty database that nothing else uses meanwhile.
    ///
    /// It is one that a test before has left, made empty again: a new one is 300 files.
    public func withDatabase(_ body: (_ address: String) async throws -> Void) async throws {
        let left = databases.withLock { $0.popLast() }
        let database = if let left { left } else { try await newDatabase() }
        try await body(address(database))
        // Where a connection of the test still holds a lock, the database is not used again.
        let empty = "SET lock_timeout = '1s'; SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
        guard (try? await psql(empty, database: database)) != nil else { return }
        databases.withLock { $0.append(database) }
    }

    /// The address of a new, empty database.
    public func makeDatabase() async throws -> String { address(try await newDatabase()) }

    private func newDatabase() async throws -> String {
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        try await psql("CREATE DATABASE \(name)")
        return name
    }

    public func address(_ database: String) -> String { "postgres://attache@/\(database)?host=\(directory)" }

    @discardableResult
    public func psql(_ statement: String, database: String = "postgres") async throws -> String {
        let options = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        return try await Command.run("\(binaries)/psql", options + ["-c", statement, address(database)])
    }

    /// Runs a program as the server's user; one without a path is the server's own.
    func run(_ tool: String, _ arguments: [String]) async throws {
        let path = tool.hasPrefix("/") ? tool : "\(binaries)/\(tool)"
        if let user {
            try await Command.run("/usr/sbin/runuser", ["-u", user, "--", path] + arguments)
        } else {
            try await Command.run(path, arguments)
        }
    }
}
