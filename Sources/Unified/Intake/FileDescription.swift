import Multipart

/// A file's name and media type, of what the caller said of it and what came with it.
struct FileDescription: Hashable {
    let name: String
    /// nil where nothing is known.
    let contentType: String?

    /// - Parameters:
    ///   - stated: what the caller says in fields of the call, which wins.
    ///   - own: what came with the file itself.
    init(stated: (name: String?, contentType: String?), own: (name: String?, contentType: String?)) {
        let types = [stated.contentType, own.contentType].compactMap(\.self).compactMap { text in
            MediaType(text).map { (text: text, type: $0) }
        }
        let clear = types.first { !FileType.isVague($0.type, as: $0.text) }?.text
        let given = [stated.name, own.name].compactMap(\.self).map { FileName.sanitized($0, fallback: "") }
            .first { !$0.isEmpty }
        name = given ?? FileType.name(ofType: clear ?? types.first?.text)
        contentType = clear ?? given.flatMap(FileType.type(ofName:)) ?? types.first?.text
    }
}
