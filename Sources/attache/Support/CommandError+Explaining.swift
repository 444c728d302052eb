import Accounts
import ArgumentParser
import AsyncHTTPClient
import Catalog
import NIOCore
import NIOPosix
import Storage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension CommandError {
    /// Whatever a command has thrown, in words for the person at the terminal.
    ///
    /// The one place where errors of libraries are put into words: their own descriptions are for programmers.
    init(explaining error: any Error) {
        switch error {
        case let error as CommandError: self = error
        case let error as AccountsError: self.init(error)
        case let error as StorageError:
            self.init("The database failed: \(error.message)", do: "Check --database and --data-dir")
        case let error as VaultError: self.init(error.message.capitalizedFirst)
        case let error as CatalogError: self.init(error.description.capitalizedFirst)
        case is CancellationError: self.init("It was cancelled")
        default:
            if let reason = Self.reason(error) {
                self.init(reason.capitalizedFirst)
            } else {
                self.init(
                    "Something failed that Attaché has no words for (\(type(of: error)))",
                    do: "Please report it with the command you ran")
            }
        }
    }

    /// A refusal by the accounts, with what shows the right values.
    init(_ error: AccountsError) {
        let message = error.message.capitalizedFirst
        switch error.code {
        case .notFound:
            let list =
                ["integrated account": "account", "API token": "token", "environment": "environment"]
                .first { error.message.hasPrefix($0.key) }?.value
            self.init(
                message, do: list.map { "See 'attache \($0) list' with the same --data-dir and --environment" })
        case .stale: self.init("Somebody else changed it at the same time", do: "Try again")
        case .storage: self.init("The database failed: \(message)", do: "Check --database and --data-dir")
        default: self.init(message)
        }
    }

    /// Why a connection or a socket failed, in the words of the system where it has some; nil for an unknown error.
    static func reason(_ error: any Error) -> String? {
        switch error {
        case let error as NIOConnectionError:
            error.connectionErrors.first.flatMap { reason($0.error) } ?? "there is no host \(error.host)"
        case let error as SocketAddressError.UnknownHost: "there is no host \(error.host)"
        case let error as IOError: String(cString: strerror(error.errnoCode)).lowercasedFirst
        case let error as HTTPClientError: reason(error)
        case let error as ChannelError: reason(error)
        case is SocketAddressError: "the address cannot be used"
        // NIOSSL's errors name files and lines of its own sources; the type's name tells them.
        case _ where String(reflecting: type(of: error)).hasPrefix("NIOSSL."):
            "the TLS handshake failed: is it plain http, or a certificate that this machine does not trust?"
        default: nil
        }
    }

    private static func reason(_ error: HTTPClientError) -> String {
        switch error {
        case .connectTimeout: "nobody accepted the connection in time"
        case .remoteConnectionClosed: "the connection was closed before a response came"
        case .readTimeout, .deadlineExceeded: "no response came in time"
        case .tlsHandshakeTimeout: "the TLS handshake took too long: is it plain http?"
        case .invalidURL, .emptyHost: "the address is not valid"
        default: error.shortDescription.lowercasedFirst
        }
    }

    private static func reason(_ error: ChannelError) -> String {
        switch error {
        case .connectTimeout: "nobody accepted the connection in time"
        default: "the connection broke"
        }
    }
}

extension String {
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
