extension IntegrationMethod {
    /// Bytes of the largest file that the call can take, also for its whole body's sake; nil: it states no limit.
    package var largestFile: Int? {
        // Of a body made of text the file is base64, four bytes for three.
        let room = maxBodySize.map { bodyFormat == .json || bodyFormat == .xml ? $0 / 4 * 3 : $0 }
        return [maxFileSize, room].compactMap(\.self).min()
    }

    /// Whether the provider takes a file of this name and media type.
    ///
    /// Either may speak for the file, since clients get one of them wrong often. A file is refused only where its media
    /// type says what it is: `application/octet-stream` and no type at all say nothing.
    package func accepts(fileName: String?, contentType: String?) -> Bool {
        guard !acceptedTypes.isEmpty else { return true }
        if let name = fileName?.lowercased(), let dot = name.lastIndex(of: "."),
            acceptedTypes.contains(String(name[dot...]))
        {
            return true
        }
        let type = contentType?.lowercased().prefix { $0 != ";" }.filter { $0 != " " } ?? ""
        guard !type.isEmpty, type != "application/octet-stream" else { return true }
        let family = type.prefix { $0 != "/" } + "/*"
        return acceptedTypes.contains(type) || acceptedTypes.contains(String(family))
    }
}
