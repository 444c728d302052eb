package import Crypto
import Encodings
import JSON
package import Storage

/// An address of the gateway at which one file may be fetched for a time.
///
/// Each has a random key of its own, which the vault seals. It encrypts the file's pieces, and another key made of it
/// signs the address: no address can be made up, and none opens another's file.
package struct FileLink: Sendable {
    /// What the file is called and what it is.
    package struct Description: Sendable, Hashable {
        package var name: String
        package var contentType: String?

        package init(name: String, contentType: String?) {
            self.name = name
            self.contentType = contentType
        }
    }

    package var record: FileLinkRecord
    package var file: Description
    /// 256 bits, for this file alone.
    let secret: [UInt8]

    package var id: String { record.id }
    /// Bytes of the file; nil while unknown.
    package var length: Int64? { record.length }
    /// Whether it may be fetched a number of times only.
    package var isCounted: Bool { record.mostFetches != nil }

    /// Encrypts the file's pieces.
    package var key: SymmetricKey { derived("attache file pieces v1") }

    /// Path and query of the address: `/files/ID?expires=SECONDS&signature=…`, without auth, as the signature proves it.
    package var target: String { "/files/\(id)?expires=\(expires)&signature=\(signature)" }

    /// Seconds since 1970.
    private var expires: Int64 { record.expiresAt.millisecondsSinceEpoch / 1000 }

    private var signature: String {
        let text = Array("\(id)\0\(expires)".utf8)
        return Base64URL.text(HMAC<SHA256>.authenticationCode(for: text, using: derived("attache file link v1")))
    }

    /// Whether these are the link's own, in a time that tells nothing about where they differ.
    func isSigned(expires: String, signature: String) -> Bool {
        equalInConstantTime("\(self.expires)|\(self.signature)".utf8, "\(expires)|\(signature)".utf8)
    }

    private func derived(_ use: String) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), info: Array(use.utf8), outputByteCount: 32)
    }
}

extension FileLink {
    /// What is sealed of it.
    var sealed: JSONObject {
        var object: JSONObject = ["secret": .string(Base64URL.text(secret)), "name": .string(file.name)]
        if let type = file.contentType { object["content_type"] = .string(type) }
        return object
    }

    /// - Returns: nil where `sealed` is not what `sealed` gives.
    init?(_ record: FileLinkRecord, sealed: JSONObject) {
        guard let secret = sealed["secret"]?.string.flatMap(Base64URL.bytes), secret.count == 32,
            let name = sealed["name"]?.string
        else { return nil }
        self.record = record
        self.secret = secret
        file = Description(name: name, contentType: sealed["content_type"]?.string)
    }

    init(_ record: FileLinkRecord, _ file: Description, secret: [UInt8]) {
        self.record = record
        self.file = file
        self.secret = secret
    }
}
