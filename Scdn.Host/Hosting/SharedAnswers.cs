using System.Collections.Concurrent;

namespace Scdn.Host.Hosting;

/// <summary>Questions that several ask at the same time, and that are asked once for all of them. Whoever asks first works for the others, too, so that a question is not given up when one of them leaves.</summary>
internal sealed class SharedAnswers<TQuestion, TAnswer>
    where TQuestion : notnull
{
    private readonly ConcurrentDictionary<TQuestion, Task<TAnswer>> _answers = new();

    /// <summary>Answers that are kept, and questions that are being asked.</summary>
    public int Count => _answers.Count;

    /// <summary>The answer that is kept, or comes to somebody who asks already; else that of <paramref name="ask"/>. A fault goes to all who wait, and is not kept.</summary>
    /// <param name="question">The question.</param>
    /// <param name="ask">Asks it.</param>
    /// <param name="isKept">Whether an answer stays until it is forgotten; else who asks after it is there asks anew.</param>
    public Task<TAnswer> FindAsync(TQuestion question, Func<Task<TAnswer>> ask, Func<TAnswer, bool> isKept)
    {
        if (_answers.TryGetValue(question, out var known)) return known;
        var mine = new TaskCompletionSource<TAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        var answer = _answers.GetOrAdd(question, mine.Task);
        // Asked when its entry is there: taken out before that, the answer would be put in for ever.
        if (answer == mine.Task) _ = AskAsync(mine, question, ask, isKept);
        return answer;
    }

    /// <summary>Forgets this answer; a later one to the same question stays.</summary>
    public void Forget(TQuestion question, Task<TAnswer> answer) => _answers.TryRemove(new(question, answer));

    public void Clear() => _answers.Clear();

    private async Task AskAsync(TaskCompletionSource<TAnswer> mine, TQuestion question, Func<Task<TAnswer>> ask, Func<TAnswer, bool> isKept)
    {
        try
        {
            var answer = await ask();
            // Before anybody hears of it: who asks again then asks anew.
            if (!isKept(answer)) Forget(question, mine.Task);
            mine.SetResult(answer);
        }
        catch (Exception fault)
        {
            Forget(question, mine.Task);
            mine.SetException(fault);
        }
    }
}
