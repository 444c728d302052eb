/// The files that TLS is served with, both in PEM.
public struct TLSFiles: Sendable, Hashable {
    /// The path of the certificate, with its chain behind it.
    public var certificate: String
    /// The path of its private key.
    public var key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// A certificate that cannot be served. The message names files, never what is in them.
public struct TLSError: Error, Hashable {
    public let message: String

    init(_ message: String) { self.message = message }
}
