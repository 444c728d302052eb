package import JSON
@_spi(Engine) package import JSONata

/// A unified record, mapped and in the form of its schema.
///
/// As for `ResponseBody`, one task at a time uses it: hence `Sendable`.
package struct MappedRecord: @unchecked Sendable {
    /// What errors call a record: the key that made it is the one to mend.
    package static let place = "a record of response_mapping"

    private enum Content {
        /// An object in the workspace of its page, written from there.
        case values(Workspace.Document, Workspace)
        case text(RecordText)
    }

    private let content: Content

    init(document: Workspace.Document, workspace: Workspace) { content = .values(document, workspace) }

    init(_ text: RecordText) { content = .text(text) }

    /// The record as it is written, where it is text already.
    package var text: RecordText? {
        if case .text(let text) = content { text } else { nil }
    }

    /// The record as an object in a workspace.
    ///
    /// - Throws: `tooExpensive` for a text that cannot be read again.
    package func opened() throws(CatalogError) -> (document: Workspace.Document, workspace: Workspace) {
        switch content {
        case .values(let document, let workspace): (document, workspace)
        case .text(let text): try text.opened()
        }
    }

    /// A copy of the member; nil where there is none.
    package subscript(name: String) -> JSONValue? {
        guard let (document, workspace) = try? opened() else { return nil }
        return try? workspace.value(workspace.member(name, of: document))
    }

    /// A copy of the record; the provider's own in it is not read before someone looks inside.
    ///
    /// - Throws: `tooExpensive` where the call's budget has no room for it.
    package func object() throws(CatalogError) -> JSONObject {
        let (document, workspace) = try opened()
        do { return try workspace.value(document)?.object ?? [:] } catch {
            throw CatalogError(error, at: MappedRecord.place)
        }
    }
}
