@_spi(Engine) import JSON

extension Builtins {
    static let encodings: [NativeFunction] = [
        NativeFunction("base64encode", "<s-:s>") { c, a in
            a[0].isUndefined ? .undefined : try Base64Text.encode(c, a[0])
        },
        NativeFunction("base64decode", "<s-:s>") { c, a in
            a[0].isUndefined ? .undefined : try Base64Text.decode(c, a[0])
        },
        NativeFunction("encodeUrlComponent", "<s-:s>") { c, a in
            try PercentEncoding.encode(c, a[0], keeping: PercentEncoding.component, "encodeUrlComponent")
        },
        NativeFunction("encodeUrl", "<s-:s>") { c, a in
            try PercentEncoding.encode(c, a[0], keeping: PercentEncoding.whole, "encodeUrl")
        },
        NativeFunction("decodeUrlComponent", "<s-:s>") { c, a in
            try PercentEncoding.decode(c, a[0], reserved: [], "decodeUrlComponent")
        },
        NativeFunction("decodeUrl", "<s-:s>") { c, a in
            try PercentEncoding.decode(c, a[0], reserved: Set(";/?:@&=+$,#".utf8), "decodeUrl")
        },
    ]
}

/// Base64 of binary strings: a character is a byte, as `btoa` and `atob` have it.
enum Base64Text {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ c: Context, _ text: Value) throws -> Value {
        var bytes: [UInt8] = []
        let source = text.bytes
        var at = 0
        while at < source.count {
            let code = WTF8.decode(source.baseAddress! + at)
            at += WTF8.length(source[at])
            if code >= 0x10000 {
                bytes.append(UInt8(truncatingIfNeeded: 0xD800 + (code - 0x10000) >> 10))
                bytes.append(UInt8(truncatingIfNeeded: 0xDC00 + (code - 0x10000) & 0x3FF))
            } else {
                bytes.append(UInt8(truncatingIfNeeded: code))
            }
        }
        return try c.string(capacity: (bytes.count + 2) / 3 * 4) { out in
            var count = 0
            var at = 0
            while at < bytes.count {
                let b = at + 1 < bytes.count ? bytes[at + 1] : 0
                let d = at + 2 < bytes.count ? bytes[at + 2] : 0
                let word = Int(bytes[at]) << 16 | Int(b) << 8 | Int(d)
                out[count] = alphabet[word >> 18]
                out[count + 1] = alphabet[word >> 12 & 63]
                out[count + 2] = at + 1 < bytes.count ? alphabet[word >> 6 & 63] : UInt8(ascii: "=")
                out[count + 3] = at + 2 < bytes.count ? alphabet[word & 63] : UInt8(ascii: "=")
                count += 4
                at += 3
            }
            return count
        }
    }

    /// Lenient as the reference: other characters are skipped, the URL alphabet is read too, `=` ends it.
    static func decode(_ c: Context, _ text: Value) throws -> Value {
        try c.string(capacity: text.count * 2) { out in
            var count = 0
            var word: UInt32 = 0
            var bits = 0
            for byte in text.bytes {
                let digit: UInt32
                switch byte {
                case 0x41...0x5A: digit = UInt32(byte - 0x41)
                case 0x61...0x7A: digit = UInt32(byte - 0x61 + 26)
                case 0x30...0x39: digit = UInt32(byte - 0x30 + 52)
                case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
                case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
                case UInt8(ascii: "="): return count
                default: continue
                }
                word = word << 6 | digit
                bits += 6
                if bits >= 8 {
                    bits -= 8
                    count += WTF8.write(word >> UInt32(bits) & 0xFF, to: out + count)
                }
            }
            return count
        }
    }
}

/// JavaScript's `encodeURI` family.
enum PercentEncoding {
    static let component = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8)
    static let whole = component.union(";/?:@&=+$,#".utf8)

    private static func fault(_ text: Value, _ function: String) -> JSONataError {
        JSONataError(
            "D3140", "Malformed URL passed to $\(function)(): \(JSONValue.string(text.text).text())", token: function,
            value: .string(text.text)
        )
    }

    static func encode(_ c: Context, _ text: Value, keeping kept: Set<UInt8>, _ function: String) throws -> Value {
        if text.isUndefined { return .undefined }
        let bytes = text.bytes
        return try c.string(capacity: bytes.count * 3) { out in
            var count = 0
            for (at, byte) in bytes.enumerated() {
                if kept.contains(byte) {
                    out[count] = byte
                    count += 1
                    continue
                }
                if byte == 0xED, bytes[at + 1] >= 0xA0 { throw fault(text, function) }
                let digits = Array("0123456789ABCDEF".utf8)
                out[count] = UInt8(ascii: "%")
                out[count + 1] = digits[Int(byte >> 4)]
                out[count + 2] = digits[Int(byte & 15)]
                count += 3
            }
            return count
        }
    }

    static func decode(_ c: Context, _ text: Value, reserved: Set<UInt8>, _ function: String) throws -> Value {
        if text.isUndefined { return .undefined }
        let bytes = text.bytes
        func hex(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map { UInt8($0) } }
        func byte(_ at: Int) throws -> UInt8 {
            guard at + 2 < bytes.count, bytes[at] == UInt8(ascii: "%"), let high = hex(bytes[at + 1]),
                let low = hex(bytes[at + 2])
            else { throw fault(text, function) }
            return high << 4 | low
        }
        return try c.string(capacity: bytes.count) { out in
            var count = 0
            var at = 0
            while at < bytes.count {
                guard bytes[at] == UInt8(ascii: "%") else {
                    out[count] = bytes[at]
                    count += 1
                    at += 1
                    continue
                }
                let lead = try byte(at)
                if lead < 0x80 {
                    if reserved.contains(lead) {
                        for index in 0..<3 { out[count + index] = bytes[at + index] }
                        count += 3
                    } else {
                        out[count] = lead
                        count += 1
                    }
                    at += 3
                    continue
                }
                let length = WTF8.length(lead)
                for index in 0..<length { out[count + index] = try byte(at + index * 3) }
                guard UTF8Check.isValid(out + count, length) else { throw fault(text, function) }
                count += length
                at += length * 3
            }
            return count
        }
    }
}
