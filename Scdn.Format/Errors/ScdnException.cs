namespace Scdn.Format;

/// <summary>A promise that was broken from outside: corrupt bytes, a source that changed, a lost peer. <see cref="Exception.Message"/> is one sentence for people.</summary>
public abstract class ScdnException : Exception
{
    /// <summary>Takes the sentence: what is wrong, with which thing, what to do.</summary>
    protected ScdnException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether the same attempt may succeed later, with nothing changed by hand.</summary>
    public virtual bool IsTransient => false;
}
