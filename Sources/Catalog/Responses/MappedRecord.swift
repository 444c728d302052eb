package import JSON
package import JSONata

/// A unified record, mapped and in the form of its schema: an object in the workspace of its page, written from there.
///
/// As for `ResponseBody`, one task at a time uses it: hence `Sendable`.
package struct MappedRecord: @unchecked Sendable {
    /// What errors call a record: the key that made it is the one to mend.
    package static let place = "a record of response_mapping"

    package let document: Workspace.Document
    package let workspace: Workspace

    /// A copy of the member; nil where there is none.
    package subscript(name: String) -> JSONValue? { try? workspace.value(workspace.member(name, of: document)) }

    /// A copy of the record; the provider's own in it is not read before someone looks inside.
    ///
    /// - Throws: `tooExpensive` where the call's budget has no room for it.
    package func object() throws(CatalogError) -> JSONObject {
        do { return try workspace.value(document)?.object ?? [:] } catch {
            throw CatalogError(error, at: MappedRecord.place)
        }
    }
}
