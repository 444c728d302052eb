import Accounts
import AsyncHTTPClient
import NIOCore
import Storage
import Testing

@testable import attache

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// No error of a library reaches people in the library's own words.
@Suite struct ExplainingTests {
    private struct Strange: Error {
        var address: SocketAddress?
    }

    /// What NIO throws for a name that no resolver knows (RFC 2606); its initializer is not public.
    private static let unknownHost: any Error = {
        do {
            return Strange(address: try SocketAddress.makeAddressResolvingHost("nobody.invalid", port: 1))
        } catch {
            return error
        }
    }()

    private static let serving: [(any Error, String)] = [
        (
            IOError(errnoCode: EADDRINUSE, reason: "bind(descriptor:ptr:bytes:)"),
            "Port 8080 of h is taken by another program. Give another with --port; 0 picks one"
        ),
        (IOError(errnoCode: EACCES, reason: "bind"), "This user may not listen on port 8080. Give one of 1024 or more with --port"),
        (
            IOError(errnoCode: EADDRNOTAVAIL, reason: "bind"),
            "h is no address of this machine. Give 127.0.0.1, 0.0.0.0 or another with --host"
        ),
        (unknownHost, "There is no host h. Give an address of this machine with --host"),
        (CommandError("Wrong", do: "Right"), "Wrong. Right"),
    ]

    @Test(arguments: serving.indices) func `why a gateway does not serve`(index: Int) {
        let (error, line) = Self.serving[index]
        #expect(CommandError(serving: error, at: ListenAddress(host: "h", port: 8080)).description == line)
    }

    private static let others: [(any Error, String)] = [
        (
            AccountsError.notFound("integrated account"),
            "Integrated account not found. See 'attache account list' with the same --data-dir and --environment"
        ),
        (AccountsError.notFound("API token"), "API token not found. See 'attache token list' with the same --data-dir and --environment"),
        (AccountsError.invalid("tenant_id", "tenant_id is required"), "tenant_id is required"),
        (StorageError.busy, "The database failed: the database is locked by another writer. Check --database and --data-dir"),
        (IOError(errnoCode: ECONNREFUSED, reason: "connect(descriptor:addr:size:)"), "Connection refused"),
        (HTTPClientError.remoteConnectionClosed, "The connection was closed before a response came"),
        (HTTPClientError.connectTimeout, "Nobody accepted the connection in time"),
        (ChannelError.eof, "The connection broke"), (CancellationError(), "It was cancelled"),
        (Strange(), "Something failed that Attaché has no words for (Strange). Please report it with the command you ran"),
    ]

    @Test(arguments: others.indices) func `everything else`(index: Int) {
        let (error, line) = Self.others[index]
        #expect(CommandError(explaining: error).description == line)
    }

    @Test(arguments: [
        ("tenant_id is required", "tenant_id is required"), ("context.api_key is required", "context.api_key is required"),
        ("the name is taken", "The name is taken"), ("", ""),
    ])
    func `a sentence begins with a capital, a name stays as it is`(text: String, sentence: String) {
        #expect(text.capitalizedFirst == sentence)
    }

    @Test func `a group of commands without one is wrong usage`() {
        let missing = CommandPath.missingSubcommand(TokenCommand.self, under: Attache.self)
        #expect(missing?.message == "'attache token' needs a command: create, list or revoke")
        #expect(missing?.help == "attache token --help")
        let ending = Ending(missing ?? UsageError(message: "", help: ""), command: TokenCommand.self, root: Attache.self)
        #expect(ending.code == 2 && ending.output == nil)
        #expect(CommandPath.missingSubcommand(Attache.self, under: Attache.self) == nil)
        #expect(CommandPath.missingSubcommand(DoctorCommand.self, under: Attache.self) == nil)
    }

    @Test(arguments: [("", "0.1.0"), ("d2a9b5a, 2026-11-28", "0.1.0 (d2a9b5a, 2026-11-28)")])
    func `the version tells the commit where it is known`(commit: String, version: String) {
        #expect(BuildStamp.describe("0.1.0", commit: commit) == version)
    }
}
