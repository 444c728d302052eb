import Crypto
import FoundationEssentials
import NIOSSL
import SwiftASN1
import X509

@testable import Gateway

/// A self-signed certificate of 127.0.0.1 and its key, in a folder of a test.
struct TestCertificate {
    let certificate: String
    let key: String
    /// What a client trusts to see it.
    let root: NIOSSLCertificate

    init() throws {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("gateway.test") }
        let made = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: own.publicKey,
            notValidBefore: Date.now - 86400, notValidAfter: Date.now + 86400, issuer: name, subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                SubjectAlternativeNames([.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))])
            }, issuerPrivateKey: own)
        certificate = try made.serializeAsPEM().pemString
        key = try own.serializeAsPEM().pemString
        root = try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem)
    }

    func write(_ files: TLSFiles) throws {
        try Data(certificate.utf8).write(to: URL(fileURLWithPath: files.certificate))
        try Data(key.utf8).write(to: URL(fileURLWithPath: files.key))
    }

    static func withFiles(_ body: (TLSFiles) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("attache-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.path
        try await body(TLSFiles(certificate: "\(path)/tls.crt", key: "\(path)/tls.key"))
    }
}
