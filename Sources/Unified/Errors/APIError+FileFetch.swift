import Upstream

extension APIError {
    /// What a call whose `file_url` cannot be fetched is answered with. The provider has no whole file by then.
    ///
    /// - Parameter error: not one with the code `cancelled`.
    init(_ error: FileFetchError) {
        switch error.code {
        case .notAllowed:
            self.init(
                .egressRefused, "file_url is refused: \(error.message)", param: "file_url",
                hint: "Give a public https address, or send the file itself")
        case .unusable:
            self.init(
                .fileURLRefused, "file_url gives no file: \(error.message)", param: "file_url",
                hint: "Give an address that answers 200 with the file, or send the file itself")
        case .tooLarge: self.init(.fileTooLarge, "file_url gives too much: \(error.message)", param: "file_url")
        case .unreachable, .cancelled:
            self.init(.fileURLUnreachable, "The file could not be fetched: \(error.message)", param: "file_url")
        }
    }
}
