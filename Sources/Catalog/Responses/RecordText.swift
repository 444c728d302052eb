@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// A mapped record as text, in two parts: what the mapping made, and the provider's record where the provider's page has it.
///
/// Both lie still and are not written to again: hence `Sendable`.
package struct RecordText: @unchecked Sendable {
    /// The object's text up to its `remote_data`, or to its closing bracket where it has none of the provider's.
    package let fields: UnsafeBufferPointer<UInt8>
    /// The provider's record; empty where the fields are all.
    package let remoteData: UnsafeBufferPointer<UInt8>
    private let owner: RecordTexts

    fileprivate init(fields: UnsafeBufferPointer<UInt8>, remoteData: UnsafeBufferPointer<UInt8>, owner: RecordTexts) {
        self.fields = fields
        self.remoteData = remoteData
        self.owner = owner
    }

    /// Bytes of the whole, with the closing bracket that follows both parts.
    package var count: Int { fields.count + remoteData.count + 1 }

    /// The record read again.
    ///
    /// - Throws: `tooExpensive` for one that nests deeper than what is read from a provider.
    func opened() throws(CatalogError) -> (document: Workspace.Document, workspace: Workspace) {
        let workspace = Workspace()
        let document: Workspace.Document
        do { document = try workspace.parse(Array(fields) + remoteData + [UInt8(ascii: "}")]) } catch {
            throw CatalogError(.tooExpensive, "\(MappedRecord.place): \(error)")
        }
        guard !remoteData.isEmpty, let remote = document.value.members.last else { return (document, workspace) }
        // It goes on as the provider wrote it, byte for byte.
        var members = RecordMembers(document.value, in: workspace.arena)
        members.set(remote.key, remote.value.with(Value.Flag.verbatim))
        return (workspace.document(members.object), workspace)
    }
}

/// The texts of a page's records, and the page that parts of them lie in.
///
/// Nothing changes once the page is mapped: hence `Sendable`.
final class RecordTexts: @unchecked Sendable {
    private let page: ResponseBytes
    private let memory = Arena()
    private var sink = ByteSink(capacity: 4096)

    init(_ page: ResponseBytes) { self.page = page }

    deinit {
        memory.destroy()
        sink.destroy()
    }

    /// Writes a record whose provider's record lies in the page.
    ///
    /// - Throws: `tooExpensive` for one that is longer than the limit.
    func add(_ record: Workspace.Document, in workspace: Workspace) throws(CatalogError) -> RecordText {
        let members = record.value.members
        let remote = members.last.flatMap { remoteText($0.value) }
        sink.count = 0
        do {
            try workspace.append(to: &sink) { (text) throws(ValueWriter.Failure) in
                guard remote != nil, let first = members.baseAddress, let last = members.last else { return try text.write(record.value) }
                try text.write(Value(members: first, count: members.count - 1))
                // Before the bracket that closes the others.
                text.sink.count -= 1
                if members.count > 1 { text.sink.append(UInt8(ascii: ",")) }
                text.write(name: last.key)
            }
        } catch { throw CatalogError(error, at: MappedRecord.place) }
        // The bracket follows the provider's record, or stands alone.
        if remote == nil { sink.count -= 1 }
        let copy = memory.allocate(sink.count)
        copy.copyMemory(from: sink.base, byteCount: sink.count)
        return RecordText(
            fields: UnsafeBufferPointer(start: copy.assumingMemoryBound(to: UInt8.self), count: sink.count),
            remoteData: remote ?? UnsafeBufferPointer(start: nil, count: 0), owner: self)
    }

    private func remoteText(_ value: Value) -> UnsafeBufferPointer<UInt8>? {
        guard value.isObject, value.has(Value.Flag.verbatim), let text = value.source, let start = text.baseAddress,
            page.start <= start, start + text.count <= page.start + page.count
        else { return nil }
        return text
    }
}
