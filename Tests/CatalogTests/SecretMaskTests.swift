import Catalog
import JSON
import Testing

struct `Masking secrets` {
    static let key = "s3cr3t/välue+1"

    @Test(arguments: [
        ("as it is", "a s3cr3t/välue+1 b", "a *** b"),
        ("percent-encoded", "k=s3cr3t%2Fv%C3%A4lue%2B1&x=1", "k=***&x=1"),
        ("with small hex digits", "k=s3cr3t%2fv%c3%a4lue%2b1", "k=***"),
        ("in hexadecimal", "73336372337" + "42f76c3a46c75652b31", "***"),
        ("a secret inside a longer word", "xs3cr3t/välue+1y", "x***y"),
        ("twice", "s3cr3t/välue+1s3cr3t/välue+1", "******"),
        ("not there", "nothing", "nothing"),
    ])
    func `removes a secret`(_ form: String, text: String, expected: String) {
        #expect(SecretMask([Self.key]).masked(text) == expected, "\(form)")
    }

    /// `user:secret` and the like: what stands before a secret moves its bits.
    @Test(arguments: ["", "u", "us", "user:", "user:x"], ["", ":", "y:z"])
    func `removes a secret from base64, whatever stands around it`(before: String, after: String) {
        let encoded = Sample.base64(before + Self.key + after)
        let url = String(encoded.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
        for text in [encoded, url] {
            let masked = SecretMask([Self.key]).masked("Basic \(text)")
            #expect(masked.contains("***") && masked.utf8.count < text.utf8.count / 2 + 12, "\(masked)")
        }
    }

    @Test func `removes it from texts, numbers and names of a document`() {
        let mask = SecretMask(["12345678", "secret"])
        let value: JSONValue = ["a": [12345678, 1, "x secret"], "secret": ["b": true], "n": nil]
        #expect(mask.masked(value) == ["a": ["***", 1, "x ***"], "***": ["b": true], "n": nil])
    }

    @Test func `leaves nothing of a secret that contains another`() {
        #expect(SecretMask(["abcd", "abcdefgh"]).masked("x abcdefgh y abcd") == "x *** y ***")
    }

    @Test func `lets short values stand, which are not stored as secrets`() {
        #expect(SecretMask(["abc"]).isEmpty)
    }
}

extension Sample {
    /// By another way than the code's own.
    static func base64(_ text: String) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = text.utf8.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
        var out = ""
        for start in stride(from: 0, to: bits.count, by: 6) {
            let group = (0..<6).map { start + $0 < bits.count ? Int(bits[start + $0]) : 0 }
            out.append(letters[group.reduce(0) { $0 << 1 | $1 }])
        }
        while out.count % 4 != 0 { out += "=" }
        return out
    }
}
