extension IntegrationMethod {
    /// Bytes of the largest file that the call can take, also for its whole body's sake; nil: it states no limit.
    package var largestFile: Int? {
        // Of a body made of text the file is base64, four bytes for three.
        let room = maxBodySize.map { bodyFormat == .json || bodyFormat == .xml ? $0 / 4 * 3 : $0 }
        return [maxFileSize, room].compactMap(\.self).min()
    }

    /// Whether the provider takes a file of this name and media type.
    ///
    /// Of types that it accepts either may speak for the file, since clients get one of them wrong often. A file is
    /// refused only where its media type says what it is: `application/octet-stream` and no type at all say nothing.
    /// Of types that it refuses either speaks against the file.
    package func accepts(fileName: String?, contentType: String?) -> Bool {
        if refusedTypes.isEmpty, acceptedTypes.isEmpty { return true }
        let type = FileKind(fileName: fileName, contentType: contentType)
        if type.isNamed(in: refusedTypes) { return false }
        return acceptedTypes.isEmpty || type.isNamed(in: acceptedTypes) || type.isUnknown
    }
}

/// What a file's name and media type say of it.
private struct FileKind {
    /// With its dot; nil where the name has none.
    private let fileExtension: String?
    /// Without parameters.
    private let mediaType: String

    init(fileName: String?, contentType: String?) {
        let name = fileName?.lowercased()
        fileExtension = name.flatMap { name in name.lastIndex(of: ".").map { String(name[$0...]) } }
        mediaType = String((contentType?.lowercased().prefix { $0 != ";" } ?? "").filter { $0 != " " })
    }

    var isUnknown: Bool { mediaType.isEmpty || mediaType == "application/octet-stream" }

    /// Whether one of them is in a list of extensions and media types.
    func isNamed(in types: [String]) -> Bool {
        if let fileExtension, types.contains(fileExtension) { return true }
        guard !isUnknown else { return false }
        let family = mediaType.prefix { $0 != "/" } + "/*"
        return types.contains(mediaType) || types.contains(String(family))
    }
}
