public import JSON
package import JSONata

/// A unified record, mapped and in the form of its schema.
///
/// One that a mapping made stays in the arena of its page, and is written from there; one that was changed afterwards is a
/// `JSONObject`. As for `ResponseBody`, one task at a time uses it: hence `Sendable`.
public struct MappedRecord: @unchecked Sendable {
    package enum Content {
        /// An object in a workspace.
        case mapped(Workspace.Document, Workspace)
        case made(JSONObject)
    }

    package let content: Content

    init(_ document: Workspace.Document, in workspace: Workspace) { content = .mapped(document, workspace) }

    public init(_ object: JSONObject) { content = .made(object) }

    /// A copy of the member; nil where there is none.
    public subscript(name: String) -> JSONValue? {
        switch content {
        case .made(let object): return object[name]
        case .mapped(let document, let workspace):
            return try? workspace.value(workspace.member(name, of: document))
        }
    }

    /// A copy of the record; the provider's own in it is not read before someone looks inside.
    ///
    /// - Throws: `tooExpensive` where the call's budget has no room for it.
    public func object() throws(CatalogError) -> JSONObject {
        switch content {
        case .made(let object): return object
        case .mapped(let document, let workspace):
            do { return try workspace.value(document)?.object ?? [:] } catch {
                throw CatalogError(error, at: "a mapped record")
            }
        }
    }
}
