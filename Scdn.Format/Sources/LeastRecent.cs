using System.Diagnostics.CodeAnalysis;

namespace Scdn.Format;

/// <summary>A few values by key; adding one too many hands back the one that was used the longest ago.</summary>
internal sealed class LeastRecent<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _byKey = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = [];

    public IEnumerable<TValue> Values => _byUse.Select(item => item.Value);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (!_byKey.TryGetValue(key, out var node)) return false;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        value = node.Value.Value;
        return true;
    }

    /// <summary>Makes room for one more: true when that took a value out.</summary>
    public bool TryEvict([MaybeNullWhen(false)] out TValue evicted)
    {
        evicted = default;
        if (_byKey.Count < capacity) return false;
        var oldest = _byUse.Last!;
        _byUse.RemoveLast();
        _byKey.Remove(oldest.Value.Key);
        evicted = oldest.Value.Value;
        return true;
    }

    public void Add(TKey key, TValue value) => _byKey.Add(key, _byUse.AddFirst((key, value)));
}
