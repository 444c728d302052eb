/// Why a file could not be fetched from the address that a caller gave.
package struct FileFetchError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The address, or one that it leads to, is not one that calls may go to.
        case notAllowed
        /// The address cannot be read, or what is there is not the file. Asking again changes nothing.
        case unusable
        /// Nothing came, or the file broke off. Asking again may help.
        case unreachable
        case tooLarge
        /// The task that fetched was cancelled.
        case cancelled
    }

    package let code: Code
    /// For people; holds no credential and no query.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    static func tooLarge(limit: Int64) -> FileFetchError {
        .init(.tooLarge, "the file is larger than \(limit) bytes")
    }

    static var tooSlow: FileFetchError { .init(.unreachable, "the file comes too slowly") }

    init(_ error: UpstreamError) {
        switch error.code {
        case .egressRefused: self.init(.notAllowed, error.message)
        case .invalidRequest, .badResponse: self.init(.unusable, error.message)
        case .cancelled: self.init(.cancelled, error.message)
        default: self.init(.unreachable, error.message)
        }
    }
}
