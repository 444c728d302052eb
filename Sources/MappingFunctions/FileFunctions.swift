import Encodings
@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// Files are handles: objects with a `$file` member, never bytes. These functions say what is to become of one.
extension Extensions {
    static let files: [NativeFunction] = [
        NativeFunction("base64encode", nil, arity: 2) { c, a in
            if a[0].isUndefined { return .undefined }
            if isHandle(a[0], c) { return marked(a[0], "base64", c) }
            guard a[0].isString else {
                throw JSONataError("T0410", "Argument 1 of function base64encode must be text or a file", token: "base64encode", index: 1)
            }
            // Unlike the language's own function, which takes characters for bytes.
            let bytes = c.swiftString(a[0]).utf8
            return c.string(c.isTruthy(a[1]) ? Base64URL.text(bytes) : Base64.text(bytes))
        },
        NativeFunction("base64decode", nil, arity: 2) { c, a in
            guard a[0].isString else { return .undefined }
            return c.string(String(decoding: LenientBase64.decode(a[0].bytes), as: UTF8.self))
        },
        NativeFunction("getDataUri", nil, arity: 2) { c, a in
            if a[0].isUndefined { return .undefined }
            if isHandle(a[0], c) { return marked(a[0], "data_uri", c, type: a[1]) }
            guard a[0].isString else {
                throw JSONataError("T0410", "Argument 1 of function getDataUri must be text or a file", token: "getDataUri", index: 1)
            }
            let type = a[1].isString ? c.swiftString(a[1]) : "text/plain"
            return c.string("data:\(type);base64," + Base64.text(a[0].bytes))
        },
        NativeFunction("blob", nil, arity: 2) { c, a in
            if a[0].isString {
                return blob(c, c.string(Base64.text(a[0].bytes)), a[1])
            }
            return a[0]
        },
        NativeFunction("getArrayBuffer", nil, arity: 1) { _, a in a[0] },
        NativeFunction("teeStream", nil, arity: 1) { c, a in a[0].isUndefined ? .undefined : c.array([a[0], a[0]]) },
        NativeFunction("bufferToString", nil, arity: 2) { c, a in
            if isHandle(a[0], c) {
                throw JSONataError("D3145", "the content of a file is streamed and cannot be read by a mapping", token: "bufferToString")
            }
            return a[0]
        },
        NativeFunction("base64ToBlob", nil, arity: 2) { c, a in a[0].isUndefined ? .undefined : blob(c, a[0], a[1]) },
        NativeFunction("getMimeType", nil, arity: 1) { c, a in
            guard a[0].isString else { return a[0].isUndefined ? .undefined : .null }
            return MediaTypes.type(ofFile: c.swiftString(a[0])).map { c.string($0) } ?? .null
        },
    ]

    private static func isHandle(_ value: Value, _ c: Context) -> Bool {
        value.isObject && (!value.member(c.string("$file")).isUndefined || !value.member(c.string("$blob")).isUndefined)
    }

    private static func marked(_ handle: Value, _ how: StaticString, _ c: Context, type: Value = .undefined) -> Value {
        var members = handle.members.map { (key: $0.key, value: $0.value) }
        members.append((c.string("as"), c.string(how)))
        if type.isString { members.append((c.string("content_type"), type)) }
        return c.object(members)
    }

    private static func blob(_ c: Context, _ base64: Value, _ type: Value) -> Value {
        let content = c.object([
            ("base64", base64), ("content_type", type.isString ? type : c.string("application/octet-stream")),
        ])
        return c.object([("$blob", content)])
    }
}

/// Base64 as mappings expect it to be read: nothing is an error, which no other reader of it may say.
enum LenientBase64 {
    /// Reads both alphabets; other characters are skipped, `=` ends the text.
    static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3 + 3)
        var word: UInt32 = 0
        var bits: UInt32 = 0
        for byte in text {
            let digit: UInt32
            switch byte {
            case 0x41...0x5A: digit = UInt32(byte) - 0x41
            case 0x61...0x7A: digit = UInt32(byte) - 0x61 + 26
            case 0x30...0x39: digit = UInt32(byte) - 0x30 + 52
            case UInt8(ascii: "+"), UInt8(ascii: "-"): digit = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): digit = 63
            case UInt8(ascii: "="): return output
            default: continue
            }
            word = word << 6 | digit
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(truncatingIfNeeded: word >> bits))
            }
        }
        return output
    }
}

/// Media types by file extension.
enum MediaTypes {
    private static let byExtension: [String: String] = [
        "pdf": "application/pdf", "doc": "application/msword", "rtf": "application/rtf", "json": "application/json",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xls": "application/vnd.ms-excel", "zip": "application/zip", "gz": "application/gzip", "xml": "application/xml",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ppt": "application/vnd.ms-powerpoint", "odt": "application/vnd.oasis.opendocument.text",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "ods": "application/vnd.oasis.opendocument.spreadsheet", "txt": "text/plain", "log": "text/plain",
        "csv": "text/csv", "tsv": "text/tab-separated-values", "html": "text/html", "htm": "text/html",
        "md": "text/markdown", "css": "text/css", "js": "text/javascript", "ics": "text/calendar", "vcf": "text/vcard",
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
        "svg": "image/svg+xml", "tif": "image/tiff", "tiff": "image/tiff", "bmp": "image/bmp", "heic": "image/heic",
        "ico": "image/vnd.microsoft.icon", "mp3": "audio/mpeg", "wav": "audio/wav", "m4a": "audio/mp4", "ogg": "audio/ogg",
        "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm", "avi": "video/x-msvideo", "eml": "message/rfc822",
        "tar": "application/x-tar", "7z": "application/x-7z-compressed", "yaml": "application/yaml", "yml": "application/yaml",
        "wps": "application/vnd.ms-works", "pages": "application/vnd.apple.pages", "msg": "application/vnd.ms-outlook",
    ]

    /// The type of a file by its name, or by its extension alone; nil where it says nothing.
    static func type(ofFile name: String) -> String? {
        let path = name.prefix { $0 != "?" && $0 != "#" }
        let file = path.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }.last ?? ""
        let parts = file.split(separator: ".", omittingEmptySubsequences: false)
        // Behind a folder the name is a file's: without a point it has no extension.
        if parts.count < 2, file.count < path.count { return nil }
        return byExtension[(parts.last ?? "").lowercased()]
    }
}
