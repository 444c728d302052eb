import Crypto

/// The hash functions of expressions, by their names in capitals: `MD5`, `SHA-1`, `SHA-256`, `SHA-384` and `SHA-512`.
package enum MappingHash {
    /// The digest of `bytes`; nil for an algorithm that is none of these.
    package static func digest(_ algorithm: String, _ bytes: [UInt8]) -> [UInt8]? {
        function(algorithm).map { $0.digest(of: bytes) }
    }

    /// The HMAC (RFC 2104) of `bytes` under `key`; nil for an algorithm that is none of these.
    package static func authenticate(_ algorithm: String, _ key: [UInt8], _ bytes: [UInt8]) -> [UInt8]? {
        function(algorithm).map { $0.code(of: bytes, under: key) }
    }

    private static func function(_ algorithm: String) -> (any HashFunction.Type)? {
        switch algorithm {
        case "MD5": Insecure.MD5.self
        case "SHA-1": Insecure.SHA1.self
        case "SHA-256": SHA256.self
        case "SHA-384": SHA384.self
        case "SHA-512": SHA512.self
        default: nil
        }
    }
}

extension HashFunction {
    fileprivate static func digest(of bytes: [UInt8]) -> [UInt8] { Array(hash(data: bytes)) }

    fileprivate static func code(of bytes: [UInt8], under key: [UInt8]) -> [UInt8] {
        Array(HMAC<Self>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }
}
