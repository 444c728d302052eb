import NIOSSL

/// Whether a certificate speaks for a DNS name (RFC 9525 §6.3).
///
/// NIOSSL is content with a certificate for the *address* it is connected to, and with a bare common name, when a
/// name was asked for. Anybody can have a certificate for an address of their own, so whoever can make the name point
/// there would pass: a call to a name takes a certificate for that name and nothing else.
enum CertificateName {
    /// Succeeds when one of the certificate's DNS names is, or covers, `host`.
    static func check(_ certificate: NIOSSLCertificate, for host: String) throws {
        for name in certificate._subjectAlternativeNames() where name.nameType == .dnsName {
            if covers(String(decoding: name.contents, as: UTF8.self), host) { return }
        }
        throw Mismatch(host: host)
    }

    /// `*` stands for one whole label, the first, and never for all of a top-level domain.
    ///
    /// - Parameter host: in lower case.
    static func covers(_ pattern: String, _ host: String) -> Bool {
        let pattern = pattern.lowercased()
        if pattern == host { return true }
        guard pattern.hasPrefix("*."), let dot = host.firstIndex(of: "."), dot != host.startIndex else { return false }
        let parent = pattern.dropFirst()
        return parent.dropFirst().contains(".") && !parent.contains("*") && parent == host[dot...]
    }

    struct Mismatch: Error, CustomStringConvertible {
        let host: String
        var description: String { "the certificate is not for \(host)" }
    }
}
