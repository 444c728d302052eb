import FoundationEssentials
import Gateway

/// Looks at the certificate that TLS is served with.
struct TLSCheck: Sendable {
    let files: TLSFiles
    var now = Date.now

    /// - Returns: what was found, as a sentence.
    func run() throws(CommandError) -> String {
        let certificate: ServerTLS
        do { certificate = try ServerTLS(files) } catch {
            throw CommandError(error.message, do: "Check tls.certificate and tls.key")
        }
        let end = Date(timeIntervalSince1970: TimeInterval(certificate.validUntil))
        guard end > now else {
            throw CommandError("The certificate \(files.certificate) was valid until \(end.ISO8601Format())", do: "Renew it")
        }
        return "the certificate is valid until \(end.ISO8601Format())"
    }
}
