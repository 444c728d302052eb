import Hummingbird
import JSON

/// Temporary uploads, which an application may refer to for 24 hours. `perform_as` plays no part.
extension Lever {
    func addUploads(to router: Router<SandboxContext>) {
        on(router, .post, "v1/uploads", "uploads:write") { call in
            let (part, filename, bytes) = try await call.receiveFile()
            let upload = LeverUpload(
                id: "\(LeverStore.newID())-\(filename)", filename: filename, contentType: part.head.contentType,
                sha256: part.sha256, expiresAt: call.now + LeverUpload.lifetime, bytes: bytes
            )
            try store.change { (state) throws(LeverError) in
                state.uploads.removeAll { $0.expiresAt <= call.now }
                state.uploads.append(upload)
            }
            return call.answer(["data": upload.json(base: call.base)], status: .created)
        }
    }
}
