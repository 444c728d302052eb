import Crypto
import Multipart
import NIOCore

extension DigestFields.Algorithm {
    /// What `Want-Repr-Digest` asks for: the one of ours with the highest preference; nil where it asks for none.
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
