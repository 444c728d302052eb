/// Media types and extensions of files that people send: the ones in front, where a type or an extension has several.
package enum FileType {
    private static let pairs: [(extension: String, type: String)] = [
        ("pdf", "application/pdf"), ("doc", "application/msword"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("xls", "application/vnd.ms-excel"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("ppt", "application/vnd.ms-powerpoint"),
        ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("odt", "application/vnd.oasis.opendocument.text"), ("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        ("odp", "application/vnd.oasis.opendocument.presentation"), ("rtf", "application/rtf"), ("rtf", "text/rtf"),
        ("pages", "application/vnd.apple.pages"), ("txt", "text/plain"), ("md", "text/markdown"), ("csv", "text/csv"),
        ("html", "text/html"), ("htm", "text/html"), ("xml", "application/xml"), ("xml", "text/xml"),
        ("json", "application/json"), ("jpg", "image/jpeg"), ("jpeg", "image/jpeg"), ("png", "image/png"),
        ("gif", "image/gif"), ("webp", "image/webp"), ("heic", "image/heic"), ("tif", "image/tiff"),
        ("tiff", "image/tiff"), ("bmp", "image/bmp"), ("svg", "image/svg+xml"), ("zip", "application/zip"),
        ("gz", "application/gzip"), ("tar", "application/x-tar"), ("7z", "application/x-7z-compressed"),
        ("mp4", "video/mp4"), ("mov", "video/quicktime"), ("webm", "video/webm"), ("mp3", "audio/mpeg"),
        ("m4a", "audio/mp4"), ("wav", "audio/wav"), ("eml", "message/rfc822"), ("msg", "application/vnd.ms-outlook"),
    ]

    private static let types = Dictionary(pairs.map { ($0.extension, $0.type) }) { first, _ in first }
    private static let extensions = Dictionary(pairs.map { ($0.type, $0.extension) }) { first, _ in first }

    /// The media type that a name's extension stands for; nil where it is unknown or there is none.
    package static func type(ofName name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return types[name[dot...].dropFirst().lowercased()]
    }

    /// `file` with the extension of a media type: a name for a file that has none.
    package static func name(ofType type: String?) -> String {
        guard let essence = type.flatMap(MediaType.init)?.essence, let known = extensions[essence] else { return "file" }
        return "file." + known
    }

    /// Whether a media type says nothing of the file.
    ///
    /// - Parameter text: the type as it was written.
    package static func isVague(_ type: MediaType, as text: String) -> Bool {
        switch type.essence {
        case "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded": true
        default: text == DataURI.defaultType
        }
    }
}
