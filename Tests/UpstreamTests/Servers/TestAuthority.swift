import Crypto
import NIOSSL
import SwiftASN1
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A certificate authority of one test run, and the servers it vouches for. Its keys never leave the process.
struct TestAuthority: Sendable {
    private let key: Certificate.PrivateKey
    private let name: DistinguishedName
    private let certificate: Certificate

    init() throws {
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        name = try DistinguishedName { CommonName("Authority of a test") }
        certificate = try Self.certificate(
            for: name, key: key.publicKey, issuer: name, signedWith: key, days: -1...1,
            Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            }
        )
    }

    /// TLS for a server that is called `subjects`; `days` counts from now.
    func server(
        _ subjects: GeneralName..., days: ClosedRange<Int> = -1...1, selfSigned: Bool = false,
        change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> TLSConfiguration {
        let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let subject = try DistinguishedName { CommonName("common.test") }
        let leaf = try Self.certificate(
            for: subject, key: own.publicKey, issuer: selfSigned ? subject : name, signedWith: selfSigned ? own : key,
            days: days,
            Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                if !subjects.isEmpty { SubjectAlternativeNames(subjects) }
            }
        )
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(try NIOSSLCertificate(bytes: Self.pem(leaf), format: .pem))],
            privateKey: .privateKey(
                try NIOSSLPrivateKey(bytes: Array(own.serializeAsPEM().pemString.utf8), format: .pem)
            )
        )
        configuration.applicationProtocols = ["http/1.1"]
        change(&configuration)
        return configuration
    }

    /// Gives `body` the path of a PEM file with this authority's certificate.
    func withRoots<Result>(_ body: (_ path: String) async throws -> Result) async throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "roots-\(UUID().uuidString).pem")
        try Data(Self.pem(certificate)).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try await body(file.path)
    }

    private static func pem(_ certificate: Certificate) throws -> [UInt8] {
        try Array(certificate.serializeAsPEM().pemString.utf8)
    }

    private static func certificate(
        for subject: DistinguishedName, key: Certificate.PublicKey, issuer: DistinguishedName,
        signedWith issuerKey: Certificate.PrivateKey, days: ClosedRange<Int>, _ extensions: Certificate.Extensions
    ) throws -> Certificate {
        let now = Date()
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key,
            notValidBefore: now + Double(days.lowerBound) * 86400, notValidAfter: now + Double(days.upperBound) * 86400,
            issuer: issuer, subject: subject, extensions: extensions, issuerPrivateKey: issuerKey
        )
    }
}

extension GeneralName {
    static func ip(_ bytes: UInt8...) -> Self { .ipAddress(ASN1OctetString(contentBytes: bytes[...])) }
}
