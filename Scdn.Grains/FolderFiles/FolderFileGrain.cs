using Scdn.Format;
using Scdn.Grains.Storage;

namespace Scdn.Grains.FolderFiles;

/// <summary>The rules of a file of the content folder: whatever becomes of the file, its content stays its content.</summary>
public static class FolderFileGrain
{
    /// <summary>
    /// It is about to be published as this version of a content. Said before that, so that whenever the host is cut off, the content is this file's, and it can be
    /// found out whether it was published: <see cref="FolderFileState.Publishing"/> stays until it is taken in or refused.
    /// </summary>
    public static Change<FolderFileState> Begin(FolderFileState? state, long length, DateTimeOffset modified, ContentId content, int version)
    {
        var begun = new FolderFileState(length, modified, content, Publishing: version);
        return state == begun ? Change<FolderFileState>.None : begun;
    }

    /// <summary>It was published as a content.</summary>
    /// <param name="state">What was known of it.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="modified">When it was last written to.</param>
    /// <param name="content">The content; from then on always that one.</param>
    public static Change<FolderFileState> TakeIn(FolderFileState? state, long length, DateTimeOffset modified, ContentId content)
    {
        var taken = new FolderFileState(length, modified, content);
        return state == taken ? Change<FolderFileState>.None : taken;
    }

    /// <summary>As it is now it can't be taken in; what was published before stays.</summary>
    public static Change<FolderFileState> Refuse(FolderFileState? state, long length, DateTimeOffset modified, string reason)
    {
        var refused = new FolderFileState(length, modified, state?.Content, reason);
        return state == refused ? Change<FolderFileState>.None : refused;
    }

    /// <summary>It is no longer there.</summary>
    public static Change<FolderFileState> Lose(FolderFileState? state, DateTimeOffset now) => state switch
    {
        null => Refusal.NotFound("There was never such a file in the content folder."),
        { Gone: not null } => Change<FolderFileState>.None,
        _ => state with { Gone = now },
    };

    /// <summary>It is there again, unchanged.</summary>
    public static Change<FolderFileState> Find(FolderFileState? state) => state switch
    {
        null => Refusal.NotFound("There was never such a file in the content folder."),
        { Gone: null } => Change<FolderFileState>.None,
        _ => state with { Gone = null },
    };
}
