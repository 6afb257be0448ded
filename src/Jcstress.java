///usr/bin/env jbang "$0" "$@" ; exit $?
//JAVA 25+
//COMPILE_OPTIONS -proc:full
//DEPS info.picocli:picocli:4.7.7
//DEPS me.tongfei:progressbar:0.10.2
//DEPS org.jspecify:jspecify:1.0.1
//DEPS org.openjdk.jcstress:jcstress-core:0.16
//SOURCES ../engine/Sources.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/HardwareWalker.java
//SOURCES ../engine/src/test/java/dev/genpt/fixture/UnsnoopedWalker.java
//SOURCES jcstress/dev/genpt/race/*.java
//SOURCES lib/dev/genpt/cli/*.java
//RUNTIME_OPTIONS --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

final class Jcstress {
  public static void main(String[] args) throws Exception {
    org.openjdk.jcstress.Main.main(args);
  }
}
