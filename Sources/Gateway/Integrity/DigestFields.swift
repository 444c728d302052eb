import Crypto
import HTTPTypes
import Multipart
import NIOCore
import Unified

/// The digests that came with a request: `Content-Digest` and `Repr-Digest` (RFC 9530).
///
/// Both cover the bytes of the body as they are sent, a form's boundaries included: a request has one representation, and
/// this gateway takes no content codings. Members with an algorithm other than SHA-256 and SHA-512 are passed over, as
/// §2 allows; the others have to hold, all of them.
struct DigestFields: Sendable, Hashable {
    enum Algorithm: String, Sendable, Hashable, CaseIterable {
        case sha256 = "sha-256"
        case sha512 = "sha-512"

        var byteCount: Int { self == .sha256 ? SHA256.byteCount : SHA512.byteCount }
    }

    struct Expected: Sendable, Hashable {
        var field: String
        var algorithm: Algorithm
        var digest: [UInt8]
    }

    private(set) var expected: [Expected] = []

    var isEmpty: Bool { expected.isEmpty }

    /// - Throws: `invalid_digest` for a field that cannot be read: it was sent to be checked.
    init(_ headers: HTTPFields) throws(APIError) {
        for name in [HTTPField.Name.contentDigest, .reprDigest] {
            for value in headers[values: name] {
                for member in value.split(separator: ",") { try add(member, of: name.rawName) }
            }
        }
    }

    func expects(_ algorithm: Algorithm) -> Bool { expected.contains { $0.algorithm == algorithm } }

    /// One member of the dictionary, `sha-256=:base64:` (RFC 8941 §3.2, §3.3.5). A byte sequence holds neither a comma
    /// nor a semicolon, so the field may be split at them.
    private mutating func add(_ member: Substring, of field: String) throws(APIError) {
        let member = member.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }
        guard let equals = member.firstIndex(of: "=") else { throw Self.malformed(field) }
        guard let algorithm = Algorithm(rawValue: member[..<equals].lowercased()) else { return }
        let value = member[equals...].dropFirst()
        guard value.count >= 2, value.hasPrefix(":"), value.hasSuffix(":"),
            let digest = Self.decoded(value.dropFirst().dropLast()), digest.count == algorithm.byteCount
        else { throw Self.malformed(field) }
        expected.append(Expected(field: field, algorithm: algorithm, digest: digest))
    }

    private static func decoded(_ base64: Substring) -> [UInt8]? {
        var decoder = Base64Decoder()
        guard var bytes = try? decoder.decode(ByteBuffer(substring: base64)), let rest = try? decoder.finish() else {
            return nil
        }
        bytes.writeImmutableBuffer(rest)
        return Array(bytes.readableBytesView)
    }

    private static func malformed(_ field: String) -> APIError {
        APIError(
            .invalidDigest, "\(field) cannot be read", param: field,
            hint: "Send sha-256=:BASE64: or sha-512=:BASE64: (RFC 9530)")
    }
}

extension DigestFields.Algorithm {
    /// What `Want-Repr-Digest` asks for: the algorithm the gateway knows with the highest preference; nil where it asks for none.
    init?(wanted field: String?) {
        guard let field else { return nil }
        var best: (algorithm: Self, preference: Int)?
        for member in field.split(separator: ",") {
            let halves = member.filter { $0 != " " && $0 != "\t" }.split(separator: "=", maxSplits: 1)
            guard let algorithm = halves.first.flatMap({ Self(rawValue: $0.lowercased()) }), halves.count == 2,
                let preference = Int(halves[1]), preference > best?.preference ?? 0
            else { continue }
            best = (algorithm, preference)
        }
        guard let best else { return nil }
        self = best.algorithm
    }

    /// A digest field's value for a body.
    func field(of body: ByteBuffer) -> String {
        let digest: [UInt8] = body.withUnsafeReadableBytes { bytes in
            switch self {
            case .sha256: Array(SHA256.hash(data: bytes))
            case .sha512: Array(SHA512.hash(data: bytes))
            }
        }
        var encoder = Base64Encoder()
        var text = encoder.encode(ByteBuffer(bytes: digest))
        text.writeImmutableBuffer(encoder.finish())
        return "\(rawValue)=:\(String(buffer: text)):"
    }
}

extension HTTPField.Name {
    static let contentDigest = Self("content-digest")!
    static let reprDigest = Self("repr-digest")!
    static let wantReprDigest = Self("want-repr-digest")!
}
