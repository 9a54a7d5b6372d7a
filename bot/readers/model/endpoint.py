"""The one place that speaks to a language model: langchain over an OpenAI-compatible endpoint, with a time limit.

Needs the extra `model`. Errors of langchain, openai and the network leave here as `NoReading` only.
"""

from __future__ import annotations

import contextvars
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as DeadlinePassed
from typing import Generic, TypeVar

import openai
from langchain_core.exceptions import LangChainException, ModelRefusalError
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI
from langsmith import tracing_context
from pydantic import BaseModel, SecretStr

from bot.readers.model.settings import ModelSettings
from bot.readers.proposing import NoReading, Reason

Answer = TypeVar("Answer", bound=BaseModel)

NO_KEY = "none"
RETRY_WAIT_SECONDS = 0.5
SHORTEST_TRY_SECONDS = 0.2
_CALLS_AT_ONCE = 8
# What langchain and pydantic raise on an answer that is not of the agreed shape; wrong nesting shows as a KeyError,
# a TypeError or an AttributeError from the code that walks through it.
_BAD_ANSWER = (LangChainException, ValueError, TypeError, KeyError, IndexError, AttributeError)


class Endpoint(Generic[Answer]):
    """Asks for an answer of the given `shape`. At most one retry; both tries share the time limit.

    `allowed` is called before each try and says whether it may be made.
    """

    def __init__(self, settings: ModelSettings, allowed: Callable[[], bool], shape: type[Answer]) -> None:
        chat = ChatOpenAI(
            model=settings.model,
            base_url=settings.base_url,
            # A local server needs no key; without this word the client would look for one in the environment.
            api_key=SecretStr(settings.key or NO_KEY),
            temperature=settings.temperature,
            timeout=settings.seconds,
            max_retries=0,
            use_responses_api=False,
        )
        self._structured = chat.with_structured_output(shape, method=settings.method)
        self._shape = shape
        self._seconds = settings.seconds
        self._allowed = allowed
        self._pool = ThreadPoolExecutor(_CALLS_AT_ONCE, thread_name_prefix="model")

    def ask(self, instructions: str, question: str) -> Answer:
        """Raises NoReading."""
        deadline = time.monotonic() + self._seconds
        try:
            return self._try(instructions, question, deadline)
        except NoReading as failure:
            wait = _wait_before_retry(failure)
            if wait is None or time.monotonic() + wait + SHORTEST_TRY_SECONDS > deadline:
                raise
            time.sleep(wait)
        return self._try(instructions, question, deadline)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _try(self, instructions: str, question: str, deadline: float) -> Answer:
        if not self._allowed():
            raise NoReading(Reason.BUDGET_USED_UP)
        left = deadline - time.monotonic()
        # The client's own limit is for each read from the socket, so an answer that drips would outlast it.
        call = self._pool.submit(contextvars.copy_context().run, self._call, instructions, question, left)
        try:
            return call.result(timeout=left)
        except DeadlinePassed as error:
            call.cancel()
            raise NoReading(Reason.TIMEOUT) from error

    def _call(self, instructions: str, question: str, left: float) -> Answer:
        try:
            # Tracing would send the partner's text to a third party; the environment cannot switch it on here.
            with tracing_context(enabled=False):
                answer = self._structured.invoke(
                    [SystemMessage(instructions), HumanMessage(question)], timeout=max(left, SHORTEST_TRY_SECONDS)
                )
        except ModelRefusalError as error:
            raise NoReading(Reason.REFUSED) from error
        except openai.OpenAIError as error:
            raise _translated(error) from error
        except _BAD_ANSWER as error:
            raise NoReading(Reason.MALFORMED) from error
        if answer is None:
            raise NoReading(Reason.EMPTY)
        if not isinstance(answer, self._shape):
            raise NoReading(Reason.MALFORMED)
        return answer


def _translated(error: openai.OpenAIError) -> NoReading:
    match error:
        case openai.APITimeoutError():
            return NoReading(Reason.TIMEOUT)
        case openai.RateLimitError():
            return NoReading(Reason.BUSY, _retry_after(error))
        case openai.InternalServerError() | openai.APIConnectionError():
            return NoReading(Reason.UNAVAILABLE)
        case openai.ContentFilterFinishReasonError():
            return NoReading(Reason.REFUSED)
        case openai.APIStatusError():
            return NoReading(Reason.REJECTED)
        case _:
            return NoReading(Reason.MALFORMED)


def _retry_after(error: openai.APIStatusError) -> float | None:
    """Seconds of the Retry-After header; a date, or nonsense, counts as none named."""
    try:
        seconds = float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _wait_before_retry(failure: NoReading) -> float | None:
    """Seconds after which a second try makes sense, or None where it would only fail again."""
    match failure.reason:
        case Reason.BUSY:
            return RETRY_WAIT_SECONDS if failure.retry_after is None else failure.retry_after
        case Reason.UNAVAILABLE:
            return RETRY_WAIT_SECONDS
        case _:
            return None
