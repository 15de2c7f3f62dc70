<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_GB">
<context>
    <name>AttractPage</name>
    <message>
        <source>Touch to begin</source>
        <translation>轻触屏幕开始</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message>
        <source>Each light is somebody here now. Nobody is recognised.</source>
        <translation>每个光点是此刻在场的一位访客，不识别任何人的身份。</translation>
    </message>
</context>
<context>
    <name>BeginBar</name>
    <message>
        <source>Touch to begin</source>
        <translation>轻触屏幕开始</translation>
    </message>
</context>
<context>
    <name>BottomBar</name>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>Everything within reach</source>
        <translation>全部移到下方</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>FactStrip</name>
    <message>
        <source>Quiet</source>
        <translation>清静</translation>
    </message>
    <message>
        <source>Lively</source>
        <translation>热闹</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>繁忙</translation>
    </message>
    <message>
        <source>Right now</source>
        <translation>此刻</translation>
    </message>
    <message>
        <source>Visitors today</source>
        <translation>今日客流</translation>
    </message>
    <message>
        <source>Opening hours</source>
        <translation>营业时间</translation>
    </message>
</context>
<context>
    <name>FloorMap</name>
    <message>
        <source>Floor plan</source>
        <translation>楼层平面图</translation>
    </message>
    <message>
        <source>Floor plan, %1</source>
        <translation>%1平面图</translation>
    </message>
    <message>
        <source>%1, closed</source>
        <translation>%1，暂停使用</translation>
    </message>
</context>
<context>
    <name>GarmentCard</name>
    <message>
        <source>%1, size %2</source>
        <translation>%1，%2 码</translation>
    </message>
    <message>
        <source>Size %1</source>
        <translation>%1 码</translation>
    </message>
    <message>
        <source>Not mine</source>
        <translation>不是我的</translation>
    </message>
    <message>
        <source>%1: not mine</source>
        <translation>%1：不是我的</translation>
    </message>
</context>
<context>
    <name>IdlePage</name>
    <message>
        <source>Good morning</source>
        <translation>早上好</translation>
    </message>
    <message>
        <source>Good afternoon</source>
        <translation>下午好</translation>
    </message>
    <message>
        <source>Good evening</source>
        <translation>晚上好</translation>
    </message>
    <message>
        <source>Welcome to %1.</source>
        <translation>欢迎光临%1。</translation>
    </message>
</context>
<context>
    <name>ItemsPage</name>
    <message>
        <source>Your item</source>
        <translation>您的商品</translation>
    </message>
    <message>
        <source>Your items</source>
        <translation>您的商品</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 件</translation>
    </message>
</context>
<context>
    <name>Keyboard</name>
    <message>
        <source>Keyboard</source>
        <translation>键盘</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Tone %1</source>
        <translation>第 %1 声</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Promenade kiosk</source>
        <translation>Promenade 导览屏</translation>
    </message>
    <message>
        <source>Promenade mirror</source>
        <translation>Promenade 智能镜</translation>
    </message>
</context>
<context>
    <name>OpeningLine</name>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1 关门</translation>
    </message>
    <message>
        <source>Closed, open tomorrow at %1</source>
        <translation>今日已打烊，明日 %1 开门</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>尚未营业，%1 开门</translation>
    </message>
</context>
<context>
    <name>PageTop</name>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>ProgrammeLine</name>
    <message>
        <source>On now</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>即将开始</translation>
    </message>
</context>
<context>
    <name>ProgrammeList</name>
    <message>
        <source>On today</source>
        <translation>今日活动</translation>
    </message>
    <message>
        <source>That was all for today. See you tomorrow.</source>
        <translation>今日活动已全部结束，明天见。</translation>
    </message>
</context>
<context>
    <name>ProgrammePage</name>
    <message>
        <source>What is on</source>
        <translation>今日活动</translation>
    </message>
    <message>
        <source>Offers in the stores</source>
        <translation>店铺优惠</translation>
    </message>
</context>
<context>
    <name>RoutePage</name>
    <message>
        <source>%1 min, %2 m on foot</source>
        <translation>%1 分钟，步行 %2 米</translation>
    </message>
    <message>
        <source>Walking</source>
        <translation>步行</translation>
    </message>
    <message>
        <source>Step-free</source>
        <translation>无障碍</translation>
    </message>
    <message>
        <source>Stroller</source>
        <translation>婴儿车</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Store, brand or thing you need</source>
        <translation>店名、拼音或想买的东西</translation>
    </message>
</context>
<context>
    <name>SiteHeader</name>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>The live view will be here in a moment</source>
        <translation>实时画面即将显示</translation>
    </message>
    <message>
        <source>Live view paused, as of %1</source>
        <translation>实时画面已暂停，截至 %1</translation>
    </message>
</context>
<context>
    <name>StepList</name>
    <message>
        <source>The way in words</source>
        <translation>文字路线</translation>
    </message>
    <message>
        <source>Finding the way …</source>
        <translation>正在查找路线……</translation>
    </message>
    <message>
        <source>There is no such way just now. Try another way to go.</source>
        <translation>目前没有这样的路线，请换一种方式。</translation>
    </message>
    <message>
        <source>The way will be here in a moment. Please try again.</source>
        <translation>路线马上就好，请再试一次。</translation>
    </message>
</context>
<context>
    <name>StillThere</name>
    <message>
        <source>Still there?</source>
        <translation>您还在吗？</translation>
    </message>
    <message>
        <source>This screen starts afresh in %1 s.</source>
        <translation>%1 秒后屏幕将重新开始。</translation>
    </message>
    <message>
        <source>I am still here</source>
        <translation>我还在</translation>
    </message>
</context>
<context>
    <name>StoreLine</name>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>已打烊，%1 开门</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closed for now: %1</source>
        <translation>暂停开放：%1</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
</context>
<context>
    <name>StorePage</name>
    <message>
        <source>Quiet</source>
        <translation>清静</translation>
    </message>
    <message>
        <source>Lively</source>
        <translation>热闹</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>拥挤</translation>
    </message>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>已打烊，%1 开门</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closed for now: %1</source>
        <translation>暂停开放：%1</translation>
    </message>
    <message>
        <source>Hours today</source>
        <translation>今日营业</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Where, door %1</source>
        <translation>位置，%1 号铺</translation>
    </message>
    <message>
        <source>Walk</source>
        <translation>步行</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>At its door</source>
        <translation>门前现在</translation>
    </message>
    <message>
        <source>Take me there</source>
        <translation>带我去</translation>
    </message>
</context>
<context>
    <name>StoresPage</name>
    <message>
        <source>Find a store</source>
        <translation>查找店铺</translation>
    </message>
    <message>
        <source>%1 found</source>
        <translation>找到 %1 项</translation>
    </message>
    <message>
        <source>Nothing is called like that here. Try fewer letters, or a category.</source>
        <translation>没有找到。请少输几个字母，或选择类别。</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome to %1</source>
        <translation>欢迎光临%1</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message>
        <source>Each light is somebody here now. Nobody is recognised.</source>
        <translation>每个光点是此刻在场的一位访客，不识别任何人的身份。</translation>
    </message>
    <message>
        <source>Plan only: no camera looks at this floor.</source>
        <translation>仅平面图：本层没有摄像头。</translation>
    </message>
    <message>
        <source>Find a store</source>
        <translation>查找店铺</translation>
    </message>
    <message>
        <source>%1 stores, cafés and more</source>
        <translation>%1 家店铺、餐饮及更多</translation>
    </message>
    <message>
        <source>Ideas for me</source>
        <translation>为我推荐</translation>
    </message>
    <message>
        <source>What is on</source>
        <translation>今日活动</translation>
    </message>
</context>
<context>
    <name>YouAreHere</name>
    <message>
        <source>You are here</source>
        <translation>您在此处</translation>
    </message>
</context>
</TS>
