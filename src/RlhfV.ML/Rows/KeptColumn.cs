using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace RlhfV.ML.Rows;

/// <summary>A column whose values are kept while its cursor runs ahead of the reader.</summary>
internal abstract class KeptColumn
{
    private static readonly MethodInfo OpenValues = Method(nameof(OpenScalar)), OpenVectors = Method(nameof(OpenVector));

    /// <summary>Whether values of a type can be kept. Of types that others made nobody here knows how long a value lives.</summary>
    public static bool Fits(DataViewType type) => type is PrimitiveDataViewType or VectorDataViewType or ImageDataViewType;

    /// <summary>Opens a column of a type that <see cref="Fits"/>.</summary>
    public static KeptColumn Open(DataViewRow source, DataViewSchema.Column column)
    {
        if (column.Type is ImageDataViewType)
            return new KeptPictures(source.GetGetter<MLImage>(column));
        MethodInfo open = column.Type is VectorDataViewType vector
            ? OpenVectors.MakeGenericMethod(vector.ItemType.RawType)
            : OpenValues.MakeGenericMethod(column.Type.RawType);
        return (KeptColumn)open.Invoke(null, [source, column])!;
    }

    /// <summary>Keeps the source's current value behind the others.</summary>
    public abstract void Keep();

    /// <summary>Forgets all but the first values.</summary>
    public abstract void Cut(int count);

    /// <summary>A <see cref="ValueGetter{TValue}"/> of a kept value.</summary>
    /// <param name="place">Gives the place of the value among the kept ones, or null for the source's current one.</param>
    public abstract Delegate Getter(Func<int?> place);

    private static MethodInfo Method(string name) => typeof(KeptColumn).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static Values<T> OpenScalar<T>(DataViewRow source, DataViewSchema.Column column) =>
        new(source.GetGetter<T>(column), (in T kept, ref T value) => value = kept);

    // The reader may write into the vector it was given, so it never gets ours.
    private static Values<VBuffer<T>> OpenVector<T>(DataViewRow source, DataViewSchema.Column column) =>
        new(source.GetGetter<VBuffer<T>>(column), (in VBuffer<T> kept, ref VBuffer<T> value) => kept.CopyTo(ref value));

    private delegate void Copy<T>(in T kept, ref T value);

    private sealed class Values<T>(ValueGetter<T> get, Copy<T> copy) : KeptColumn
    {
        private readonly List<T> _values = [];

        public override void Keep()
        {
            T value = default!;
            get(ref value);
            _values.Add(value);
        }

        public override void Cut(int count)
        {
            if (count < _values.Count)
                _values.RemoveRange(count, _values.Count - count);
        }

        public override Delegate Getter(Func<int?> place) => new ValueGetter<T>((ref T value) =>
        {
            if (place() is { } i)
                copy(_values[i], ref value);
            else
                get(ref value);
        });
    }
}
