# SPDX-License-Identifier: Apache-2.0
"""`/problems/…`: what each `type` of a problem document means (RFC 9457, section 3.1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from biennien_api.documents import SUFFIX_OF, Document, answer, asked, link, say
from biennien_api.pages import base_of
from biennien_api.problems import TYPES, Problem
from biennien_graph.engine.rdf import n_triples
from biennien_graph.terms import RDF, RDFS, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request
    from starlette.responses import Response

    from biennien_graph.engine.rdf import Triple

# The last word of a type: its meaning in Vietnamese and in English.
MEANINGS = {
    "bad-request": ("Yêu cầu có chỗ sai; `detail` nói sai ở đâu.",
                    "Something in the request is wrong; `detail` says what."),
    "call-failed": ("Điểm cuối mà truy vấn gọi đến bằng SERVICE không trả lời được.",
                    "An endpoint that the query called by SERVICE did not answer."),
    "conflicting": ("Một thay đổi khác đã sửa cùng chỗ; xem `conflicts`.",
                    "Another change altered the same meanwhile; see `conflicts`."),
    "csrf": ("Biểu mẫu không thuộc phiên làm việc này.",
             "The form is not one of this session's."),
    "data": ("Dữ liệu gửi lên có chỗ sai; không có gì bị thay đổi.",
             "The data that was sent is wrong; nothing was changed."),
    "forbidden": ("Vai trò của mã truy cập không được làm việc này.",
                  "The role of the token does not allow this."),
    "gone": ("Đã từng được công bố và nay đã rút; `replacedBy` cho biết cái gì thay thế.",
             "It was published once and has been withdrawn; `replacedBy` says what came instead."),
    "http": ("Lỗi HTTP khác.", "Another error of HTTP."),
    "internal": ("Lỗi ở phía máy chủ; đã được ghi lại.",
                 "Something went wrong on our side; it has been logged."),
    "malformed-iri": ("Địa chỉ không thể là một IRI; `accepted` cho biết dạng đúng.",
                      "The address cannot be an IRI; `accepted` says what one looks like."),
    "method-not-allowed": ("Địa chỉ này không nhận phương thức đó; xem `allowed`.",
                           "The address does not take this method; see `allowed`."),
    "not-acceptable": ("Không có định dạng nào trong số được hỏi; xem `known`.",
                       "None of the formats asked for is there; see `known`."),
    "not-conforming": ("Thay đổi vi phạm quy tắc kiểm tra; xem `results`.",
                       "The change breaks the shapes; see `results`."),
    "not-found": ("Không có gì ở địa chỉ này; `similar` và `known` gợi ý.",
                  "There is nothing at this address; `similar` and `known` may help."),
    "overloaded": ("Quá nhiều yêu cầu đang chờ; hãy thử lại sau `Retry-After` giây.",
                   "Too many requests are waiting; try again after `Retry-After` seconds."),
    "precondition-failed": ("Điều kiện If-Match hay If-Unmodified-Since không thỏa.",
                            "If-Match or If-Unmodified-Since does not hold."),
    "precondition-required": ("Phải có If-Match, cho biết bản nào đã được xem.",
                              "If-Match is needed, to say which revision was looked at."),
    "query-failed": ("Truy vấn hỏng giữa chừng.", "The query failed on its way."),
    "query-memory": ("Truy vấn dùng quá bộ nhớ cho phép.",
                     "The query used more memory than it may."),
    "query-refused": ("Truy vấn đòi điều mà dịch vụ không làm.",
                      "The query asks for what the service does not do."),
    "query-syntax": ("Câu truy vấn sai cú pháp; xem `line`, `column`.",
                     "The query is not well-formed; see `line` and `column`."),
    "query-timeout": ("Truy vấn quá thời hạn.", "The query went past its deadline."),
    "result-too-large": ("Kết quả quá lớn.", "The result is larger than it may be."),
    "service": ("Dịch vụ hay kho lưu trữ gặp sự cố.", "The service or its store failed."),
    "too-far-back": ("Quá nhiều thay đổi từ đó đến nay để dựng lại.",
                     "Too many changes came since to rebuild it."),
    "too-large": ("Nội dung gửi lên quá lớn.", "The body is larger than it may be."),
    "too-many-requests": ("Bạn hỏi quá nhiều hay quá nhanh.",
                          "You ask too much at once, or too often."),
    "unauthorized": ("Cần một mã truy cập hợp lệ.", "A valid token is needed."),
    "unsupported-media-type": ("Nội dung gửi lên có kiểu không được nhận.",
                               "The body is of a type that is not taken."),
    "wrong-state": ("Đề xuất không ở trạng thái cho phép việc này.",
                    "The submission is not in a state in which this can be done."),
}  # fmt: skip


async def problems(request: Request) -> Response:
    """All of them."""
    suffix = request.path_params.get("suffix")
    name, syntax = asked(request, f"problems.{suffix}" if suffix else "problems")
    if name != "problems":
        raise Problem(404, "not-found", f"There is no format “{suffix}”.", known=list(SUFFIX_OF))
    triples = n_triples(triple for word in MEANINGS for triple in _described(word))
    values = {"problems": MEANINGS}
    return await answer(request, Document("problems", triples, "problems.html", values), syntax)


async def problem(request: Request) -> Response:
    """One of them."""
    word, syntax = asked(request, request.path_params["word"])
    if word not in MEANINGS:
        raise Problem(
            404,
            "not-found",
            f"There is no type of problem “{word}”.",
            known=[f"{base_of(request)}problems/{known}" for known in MEANINGS],
        )
    values = {"problems": {word: MEANINGS[word]}}
    document = Document(f"problems/{word}", n_triples(_described(word)), "problems.html", values)
    return await answer(request, document, syntax)


def _described(word: str) -> Iterator[Triple]:
    vietnamese, english = MEANINGS[word]
    yield link(TYPES + word, RDF.type, SKOS.Concept)
    yield say(TYPES + word, RDFS.label, word.replace("-", " "), "en")
    yield say(TYPES + word, SKOS.definition, vietnamese, "vi")
    yield say(TYPES + word, SKOS.definition, english, "en")
