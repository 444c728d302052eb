import Crypto
package import JSONata

/// The functions that a definition's expressions may call: the language's, and those of integration mappings.
package enum MappingLibrary {
    package static let standard = FunctionLibrary.mapping(
        hashing: Hashing(
            digest: { algorithm, bytes in
                switch algorithm {
                case "MD5": Array(Insecure.MD5.hash(data: bytes))
                case "SHA-1": Array(Insecure.SHA1.hash(data: bytes))
                case "SHA-256": Array(SHA256.hash(data: bytes))
                case "SHA-384": Array(SHA384.hash(data: bytes))
                case "SHA-512": Array(SHA512.hash(data: bytes))
                default: nil
                }
            },
            authenticate: { algorithm, key, bytes in
                switch algorithm {
                case "MD5": code(Insecure.MD5.self, key, bytes)
                case "SHA-1": code(Insecure.SHA1.self, key, bytes)
                case "SHA-256": code(SHA256.self, key, bytes)
                case "SHA-384": code(SHA384.self, key, bytes)
                case "SHA-512": code(SHA512.self, key, bytes)
                default: nil
                }
            }))

    private static func code<Hash: HashFunction>(_ hash: Hash.Type, _ key: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<Hash>.authenticationCode(for: bytes, using: SymmetricKey(data: key)))
    }
}
