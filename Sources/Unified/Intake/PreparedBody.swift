import JSON

/// The body of a call that the gateway makes itself as a step of another.
package struct PreparedBody: Sendable {
    var body: JSONObject
    var remoteData: JSONObject?
    var file: SagaFile?
    /// Files that go along with the call, by the tokens of their handles.
    var along: [String: FileAlong] = [:]
}

/// A file of the caller's list that goes along with a call.
struct FileAlong: Sendable {
    enum Place: Sendable {
        case disk(SpooledFile)
        /// The caller's own address, for a provider that fetches files by itself.
        case address(String)
    }

    /// Its place in the caller's list.
    let item: Int
    let place: Place

    var spooled: SpooledFile? { if case .disk(let file) = place { file } else { nil } }
    var address: String? { if case .address(let url) = place { url } else { nil } }
}

/// One of several files of a request, kept until the vendor has it.
struct SagaFile: Sendable {
    var file: SpooledFile
    var name: String?
    var contentType: String?
}
