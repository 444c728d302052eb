import Encodings
@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let hashes: [NativeFunction] = [
        NativeFunction("digest", nil, arity: 3) { c, a in
            if a[0].isUndefined { return .undefined }
            let algorithm = algorithm(a[1], c)
            let bytes = MappingHash.digest(algorithm, try content(a[0], "digest"))
            return try written(c, bytes, algorithm, a[2], "digest")
        },
        NativeFunction("sign", nil, arity: 4) { c, a in
            if a[0].isUndefined { return .undefined }
            let algorithm = algorithm(a[1], c)
            let key = try content(a[2], "sign")
            let bytes = MappingHash.authenticate(algorithm, key, try content(a[0], "sign"))
            return try written(c, bytes, algorithm, a[3], "sign")
        },
    ]

    private static func content(_ value: Value, _ function: String) throws -> [UInt8] {
        guard value.isString else {
            throw JSONataError("T0410", "\(function) takes text", token: function, index: 1)
        }
        return Array(value.bytes)
    }

    /// SHA-256 unless said otherwise; `sha256` and `SHA256` mean the same as `SHA-256`.
    private static func algorithm(_ value: Value, _ c: Context) -> String {
        guard value.isString else { return "SHA-256" }
        let name = c.swiftString(value).uppercased()
        return name.hasPrefix("SHA") && !name.hasPrefix("SHA-") ? "SHA-" + name.dropFirst(3) : name
    }

    private static func written(
        _ c: Context, _ bytes: [UInt8]?, _ algorithm: String, _ format: Value, _ function: String
    ) throws -> Value {
        guard let bytes else {
            throw JSONataError("D3145", "\(function) with \(algorithm) is not available here", token: function)
        }
        switch format.isString ? c.swiftString(format) : "hex" {
        case "base64": return c.string(Base64.text(bytes))
        case "base64-urlSafe": return c.string(Base64URL.text(bytes))
        default: return c.string(Hex.text(bytes))
        }
    }
}
