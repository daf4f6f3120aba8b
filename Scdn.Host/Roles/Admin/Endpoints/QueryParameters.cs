using System.Globalization;
using Scdn.Format;
using Scdn.Format.Wire;
using Scdn.Grains;

namespace Scdn.Host.Roles.Admin.Endpoints;

/// <summary>The parameters of an address, each given once at most and all of them known; the first that is wrong is what is refused.</summary>
internal sealed class QueryParameters(HttpRequest request)
{
    private readonly List<string> _known = [];
    private Refusal? _refusal;

    /// <summary>Why the request is wrong, once all parameters were read; null: it is right.</summary>
    public Refusal? Refusal => _refusal ?? Unknown();

    /// <summary>One of an enumeration's names, in lower case.</summary>
    public TChoice? Choice<TChoice>(string name)
        where TChoice : struct, Enum
    {
        if (Text(name) is not { } text) return null;
        var names = Enum.GetNames<TChoice>().Select(one => one.ToLowerInvariant()).ToList();
        if (names.Contains(text)) return Enum.Parse<TChoice>(text, ignoreCase: true);
        return Refuse<TChoice>($"'{name}' is {string.Join(", ", names.SkipLast(1))} or {names[^1]}, not '{text}'.");
    }

    /// <summary>An instant or a day.</summary>
    public DateTimeOffset? Instant(string name) =>
        Text(name) is not { } text ? null : Instants.TryParse(text, out var instant) ? instant : Refuse<DateTimeOffset>($"'{name}' is not an instant: {Instants.Form}.");

    /// <summary>An id.</summary>
    public TId? Id<TId>(string name)
        where TId : struct, IGuidId<TId> => Text(name) is not { } text ? null : GuidId.TryParse<TId>(text, out var id) ? id : Refuse<TId>($"'{name}' is not an id: write it like 3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f.");

    /// <summary>A UUID.</summary>
    public Guid? Uuid(string name) => Text(name) is not { } text ? null : Guid.TryParseExact(text, "D", out var id) ? id : Refuse<Guid>($"'{name}' is not an id: write it like 3f2b8c1e-0d4a-4b5c-9e6f-7a8b9c0d1e2f.");

    /// <summary>A number from 1 on.</summary>
    public int Number(string name, int otherwise, int most)
    {
        if (Text(name) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
        return Refuse<int>($"'{name}' is a number from 1 to {most}.") ?? otherwise;
    }

    /// <summary>A text that is not empty.</summary>
    public string? Text(string name)
    {
        _known.Add(name);
        if (!request.Query.TryGetValue(name, out var values)) return null;
        if (values is [{ Length: > 0 } text]) return text;
        _refusal ??= Refusal.Invalid($"'{name}' is to be given once, and not empty.");
        return null;
    }

    private Refusal? Unknown() =>
        request.Query.Keys.FirstOrDefault(key => !_known.Contains(key, StringComparer.OrdinalIgnoreCase)) is { } key ? Refusal.Invalid($"There is no parameter '{key}' here: there are {string.Join(", ", _known)}.") : null;

    private T? Refuse<T>(string detail)
        where T : struct
    {
        _refusal ??= Refusal.Invalid(detail);
        return null;
    }
}
