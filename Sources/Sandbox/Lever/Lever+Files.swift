import Hummingbird
import JSON

/// The permanent files of an opportunity.
extension Lever {
    func addFiles(to router: Router<SandboxContext>, at root: String) {
        on(router, .get, root, "files:read") { call in
            let opportunity = try call.opportunity()
            let rows = opportunity.files.map {
                LeverList.Row(id: $0.id, time: $0.uploadedAt, json: $0.fileJSON(opportunity: opportunity.id))
            }
            return call.answer(try LeverList.page(LeverList.within("uploaded_at", rows, call.query), call.query))
        }
        on(router, .post, root, "files:write") { call in
            _ = try call.performAs()
            let opportunity = try call.opportunity().id
            guard let file = call.document(try await call.receiveFile().part) else { throw LeverError.missing("file") }
            try store.change { (state) throws(LeverError) in
                guard let place = state.place(of: opportunity) else {
                    throw .notFound("The opportunity \(opportunity) does not exist")
                }
                state.opportunities[place].files.append(file)
            }
            return call.answer(["data": file.fileJSON(opportunity: opportunity)], status: .created)
        }
        on(router, .get, "\(root)/:file", "files:read") { call in
            let opportunity = try call.opportunity()
            return call.answer(["data": try call.file(of: opportunity).fileJSON(opportunity: opportunity.id)])
        }
        on(router, .get, "\(root)/:file/download", "files:read") { call in
            try call.download(call.file(of: call.opportunity()))
        }
        on(router, .delete, "\(root)/:file", "files:write") { call in
            _ = try call.performAs()
            let opportunity = try call.opportunity()
            let file = try call.file(of: opportunity).id
            try store.change { (state) throws(LeverError) in
                guard let place = state.place(of: opportunity.id) else { return }
                state.opportunities[place].files.removeAll { $0.id == file }
            }
            return Response(status: .noContent, headers: Self.headers)
        }
    }
}

extension LeverCall {
    fileprivate func file(of opportunity: LeverOpportunity) throws(LeverError) -> LeverDocument {
        let id = parameter("file")
        guard let file = opportunity.files.first(where: { $0.id == id }) else {
            throw .notFound("The file \(id) does not exist")
        }
        return file
    }
}
