import Foundation

/// PgBouncer in transaction mode before the shared server: each transaction may meet another connection.
public final class Pooler: Sendable {
    public static let binary: String? = {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (path + ["/usr/sbin"]).map { "\($0)/pgbouncer" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Nil where it, or the server, is not installed.
    public static let shared = Task<Pooler?, any Error> {
        guard let binary else {
            try notInstalled("PgBouncer")
            return nil
        }
        guard let server = try await PostgresServer.shared.value else { return nil }
        return try await Pooler(binary: binary, server: server)
    }

    private let server: PostgresServer
    private let directory: String

    private init(binary: String, server: PostgresServer) async throws {
        self.server = server
        // In the server's folder, which goes with the server.
        directory = server.directory + "/pooler"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        // Two connections for the eight of a store: they change hands all the time.
        let settings = """
            [databases]
            * = host=\(server.directory) user=attache
            [pgbouncer]
            listen_addr =
            unix_socket_dir = \(directory)
            auth_type = any
            pool_mode = transaction
            default_pool_size = 2
            max_client_conn = 1000
            logfile = \(directory)/log
            pidfile = \(directory)/pid
            server_lifetime = 30
            """
        try settings.write(toFile: "\(directory)/settings.ini", atomically: false, encoding: .utf8)
        if let user = server.user { try await Command.run("/bin/chown", ["-R", user, directory]) }
        try await server.run(binary, ["-d", "\(directory)/settings.ini"])
    }

    /// As `PostgresServer.withDatabase`, with an address of the pooler.
    public func withDatabase(_ body: (_ address: String) async throws -> Void) async throws {
        try await server.withDatabase { address in
            try await body(address.replacing(server.directory, with: directory) + "&port=6432")
        }
    }
}
