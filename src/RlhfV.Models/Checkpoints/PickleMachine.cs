using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RlhfV.Models.Checkpoints;

/// <summary>
/// Runs the handful of pickle instructions that PyTorch writes for a dictionary of tensors (pickle protocol 2, module <c>pickletools</c> of
/// Python describes them) and refuses every other by name. Nothing is ever executed: classes, persistent values and calls go to
/// <paramref name="objects"/>, which knows the few that tensors need.
/// </summary>
internal sealed class PickleMachine(ReadOnlyMemory<byte> stream, IPickleObjects objects, string file)
{
    private static readonly object Mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _at;

    /// <summary>Runs to the end and returns the value that the stream describes.</summary>
    /// <exception cref="ModelFormatException">The stream is damaged or holds something else than tensors.</exception>
    public object? Run()
    {
        while (true)
        {
            byte code = Take(1)[0];
            if (code == '.')
                return Pop();
            Step(code);
        }
    }

    private void Step(byte code)
    {
        switch ((char)code)
        {
            case '\u0080': CheckProtocol(Take(1)[0]); break;
            case '(': _stack.Add(Mark); break;
            case '}': _stack.Add(new PickleDictionary()); break;
            case ')': _stack.Add(Array.Empty<object?>()); break;
            case 'N': _stack.Add(null); break;
            case '\u0088': _stack.Add(true); break;
            case '\u0089': _stack.Add(false); break;
            case 'K': _stack.Add((long)Take(1)[0]); break;
            case 'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
            case 'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
            case '\u008a': _stack.Add(TakeLong()); break;
            case 'X': _stack.Add(Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))))); break;
            case 't': _stack.Add(PopToMark()); break;
            case '\u0085': _stack.Add(PopTuple(1)); break;
            case '\u0086': _stack.Add(PopTuple(2)); break;
            case '\u0087': _stack.Add(PopTuple(3)); break;
            case 'q': _memo[Take(1)[0]] = Top(); break;
            case 'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Take(4))] = Top(); break;
            case 'h': _stack.Add(Recall(Take(1)[0])); break;
            case 'j': _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Take(4)))); break;
            case 'c': _stack.Add(objects.Global($"{TakeLine()}.{TakeLine()}")); break;
            case 'Q': _stack.Add(objects.Persistent(Pop())); break;
            case 'R': Reduce(); break;
            case 's': SetItems([Pop(), Pop()], reversed: true); break;
            case 'u': SetItems(PopToMark(), reversed: false); break;
            case 'b': Build(); break;
            default: throw Refused(code);
        }
    }

    private void Reduce()
    {
        object? arguments = Pop();
        object? callable = Pop();
        _stack.Add(arguments is object?[] tuple
            ? objects.Call(callable, tuple)
            : throw Invalid("a call whose arguments are no tuple"));
    }

    private void SetItems(object?[] items, bool reversed)
    {
        if (reversed)
            Array.Reverse(items);
        if (items.Length % 2 != 0 || Top() is not PickleDictionary dictionary)
            throw Invalid("items that belong to no dictionary");
        for (int i = 0; i < items.Length; i += 2)
            dictionary.Items.Add(new(items[i], items[i + 1]));
    }

    // A state_dict() carries an attribute "_metadata" with the versions of its modules, which weights do not need.
    private void Build()
    {
        object? state = Pop();
        if (Top() is not PickleDictionary || state is not PickleDictionary)
            throw Invalid("attributes of something else than a dictionary");
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0)
            throw Invalid("an end without a beginning");
        object?[] items = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private object?[] PopTuple(int count)
    {
        if (_stack.Count < count)
            throw Invalid("an empty stack");
        object?[] items = [.. _stack.Skip(_stack.Count - count)];
        if (items.Contains(Mark))
            throw Invalid("a beginning without an end");
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    private object? Pop()
    {
        object? top = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return top;
    }

    private object? Top() => _stack.Count > 0 && !ReferenceEquals(_stack[^1], Mark) ? _stack[^1] : throw Invalid("an empty stack");

    private object? Recall(uint index) => _memo.TryGetValue(index, out object? value)
        ? value
        : throw Invalid($"the value {index}, which was never stored");

    private void CheckProtocol(byte protocol)
    {
        if (protocol > 2)
            throw Invalid($"pickle protocol {protocol}, expected the protocol 2 that torch.save writes");
    }

    private long TakeLong()
    {
        var value = new BigInteger(Take(Take(1)[0]));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : throw Invalid($"the number {value}, which exceeds 64 bits");
    }

    private string TakeLine()
    {
        int length = stream.Span[_at..].IndexOf((byte)'\n');
        if (length < 0)
            throw Invalid("a name without an end");
        string line = Encoding.UTF8.GetString(Take((uint)length));
        _at++;
        return line;
    }

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > stream.Length - _at)
            throw Invalid($"{count} more bytes after its end");
        _at += (int)count;
        return stream.Span.Slice(_at - (int)count, (int)count);
    }

    private ModelFormatException Refused(byte code) =>
        Invalid($"the pickle instruction {PickleInstructions.Name(code)}, which tensors do not need");

    private ModelFormatException Invalid(string found) =>
        new($"'{file}': the pickle stream asks at byte {_at} for {found}. " +
            "The file is damaged or holds more than tensors; save it as safetensors.");
}
