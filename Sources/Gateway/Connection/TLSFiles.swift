/// The files that TLS is served with, both in PEM.
package struct TLSFiles: Sendable, Hashable {
    /// The path of the certificate, with its chain behind it.
    package var certificate: String
    /// The path of its private key.
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}

/// A certificate that cannot be served. The message names files, never what is in them.
package struct TLSError: Error, Hashable {
    package let message: String

    init(_ message: String) { self.message = message }
}
