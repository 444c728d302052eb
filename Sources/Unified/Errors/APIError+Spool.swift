extension APIError {
    /// What a call is answered with whose file could not be kept on disk until the provider had it.
    init(_ error: SpoolError) {
        switch error {
        case .system:
            self = APIError(
                .overloaded, "The gateway has no room on its disk for the file",
                hint: "Send it again later, with file as the last member of the JSON body, or as multipart/form-data"
            ).header("retry-after", "30")
        case .damaged: self.init(.internalError, "The file was damaged on the gateway's disk; nothing was stored")
        }
    }
}
